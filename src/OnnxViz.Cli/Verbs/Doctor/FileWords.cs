using System.Text.Json.Nodes;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>How what a file holds is said.</summary>
internal static class FileWords
{
    /// <summary>Of many inputs or outputs the others are counted.</summary>
    private const int Most = 12;

    /// <summary>", exported by pytorch 1.13"; nothing where the file does not say.</summary>
    public static string Producer(OnnxModel file) => file.ProducerName.Length == 0 ? "" : $", made by {$"{file.ProducerName} {file.ProducerVersion}".Trim()}";

    public static string Size(double bytes) => bytes < 1e5 ? $"{bytes / 1e3:0.#} kB" : bytes < 1e9 ? $"{bytes / 1e6:0.0} MB" : $"{bytes / 1e9:0.0} GB";

    public static string Count(long count, string thing) => count == 1 ? $"1 {thing}" : $"{count:N0} {thing}s";

    /// <summary>"logits: float [1,1000]".</summary>
    public static string Of(Value value) => $"{value.Name}: {Type(value)} {Dims(value)}";

    public static string Type(Value value) => value.Type == ElementType.Undefined ? "unknown type" : value.Type.ToString().ToLowerInvariant();

    public static string Dims(Value value) => value.Dims is { } dims ? $"[{Shapes.Text(dims)}]" : "of a shape that the file does not tell";

    /// <summary>A row for each value, the heading on the first.</summary>
    public static IEnumerable<string[]> Rows(string title, IReadOnlyList<Value> values)
    {
        if (values.Count == 0) return [[title, "none"]];
        var rows = values.Take(Most).Select((v, i) => new[] { i == 0 ? title : "", Of(v) });
        return values.Count > Most ? rows.Append(["", $"and {values.Count - Most} more"]) : rows;
    }

    public static JsonObject Json(Value value) => new()
    {
        ["name"] = value.Name,
        ["type"] = Type(value),
        ["shape"] = value.Dims is { } dims ? JsonText.Array(dims) : null,
    };
}

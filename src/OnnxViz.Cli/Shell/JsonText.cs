using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Shell;

/// <summary>How JSON is written.</summary>
internal static class JsonText
{
    public static JsonArray Array(IEnumerable<long> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    public static JsonArray Array(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    public static JsonObject Box(PixelBox box) => new() { ["x"] = box.X, ["y"] = box.Y, ["width"] = box.Width, ["height"] = box.Height };

    /// <summary>For people and jq.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = PlainText.Json };

    /// <summary>For text chunks.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = PlainText.Json };
}

namespace OnnxViz.Models.Metadata;

/// <summary>Files beside a model that exporters write for it: timm's and transformers' configurations, Custom Vision's labels.txt.</summary>
internal static class NeighborFiles
{
    private const string Labels = "labels.txt";

    private const long Largest = 4 << 20;

    /// <summary>Optimum puts models into a folder of their own.</summary>
    private const string OptimumFolder = "onnx";

    private static readonly string[] _configs = ["config.json", "preprocessor_config.json"];

    /// <param name="model">The model's file.</param>
    /// <param name="fault">Told what is of no use, and why.</param>
    public static IEnumerable<InputDescription> Read(string model, Action<string> fault)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model)) ?? "";
        string[] places = Path.GetFileName(folder).Equals(OptimumFolder, StringComparison.OrdinalIgnoreCase) ? [folder, Path.GetDirectoryName(folder) ?? folder] : [folder];
        foreach (var file in _configs.SelectMany(name => places.Select(place => Path.Combine(place, name))))
        {
            var source = $"{Path.GetFileName(file)} beside it";
            if (Tried(file, fault, text => ImageConfig.Read(Literal.Parse(text), source)) is { } found) yield return found;
        }

        string[] lists = [Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(model)}.{Labels}"), Path.Combine(folder, Labels)];
        foreach (var file in lists)
        {
            var source = $"{Path.GetFileName(file)} beside it";
            if (Tried(file, fault, text => new InputDescription { Source = source, Labels = Lines(text) }) is { Labels.Count: > 0 } found) yield return found;
        }
    }

    /// <summary>Names of classes, a line for each.</summary>
    /// <exception cref="FormatException">There are none, or a line is empty.</exception>
    public static List<string> Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines.Count == 0 ? throw new FormatException("it has no line") : lines.Contains("") ? throw new FormatException("a line is empty") : lines;
    }

    private static InputDescription? Tried(string file, Action<string> fault, Func<string, InputDescription?> read)
    {
        try
        {
            if (FileStatus.Of(file).Kind != PathKind.File || new FileInfo(file) is not { Exists: true, Length: > 0 and <= Largest }) return null;
            RunFiles.Reads(file);
            return read(File.ReadAllText(file));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            fault($"{Path.GetFileName(file)} beside it is of no use: {e.Message.TrimEnd('.')}");
            return null;
        }
    }
}

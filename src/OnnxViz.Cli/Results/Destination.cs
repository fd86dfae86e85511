using System.Text.Json.Nodes;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Cli.Results;

/// <summary>Where pictures go: -o FILE, -o FOLDER, or a name of their own in the current folder.</summary>
internal sealed class Destination
{
    private readonly string? _file;
    private readonly string? _folder;

    /// <param name="option">The value of -o; null when there is none.</param>
    /// <exception cref="OnnxVizException">A file of another kind than .png.</exception>
    public Destination(string? option)
    {
        if (option is null) return;
        if (option.Length == 0) throw OnnxVizException.Usage("-o is empty: name a .png file, or a folder (. is the current one).");
        var extension = Path.GetExtension(option);
        if (Directory.Exists(option) || Path.EndsInDirectorySeparator(option) || extension.Length == 0) _folder = option;
        else if (extension.Equals(".png", StringComparison.OrdinalIgnoreCase)) _file = option;
        else throw OnnxVizException.Usage($"-o {option}: pictures are written as .png; for a folder end the name with a slash.");
    }

    /// <summary>Results on one sheet; more than these go on several, FILE-1.png and so on.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>Finds out, before the work, whether there is a place for its results.</summary>
    /// <param name="inputs">Files that must not be written over.</param>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public void Check(IReadOnlyCollection<string> inputs)
    {
        if (_file is not null) Spare(_file, inputs, "-o");
        OutputFile.Probe(_file ?? Path.Combine(_folder ?? "", FileName(Manifest.Keyword)));
    }

    /// <exception cref="OnnxVizException">The file is one of the inputs.</exception>
    public static void Spare(string path, IReadOnlyCollection<string> inputs, string option)
    {
        if (inputs.Any(input => Path.GetFullPath(input) == Path.GetFullPath(path)))
            throw OnnxVizException.Usage($"'{path}' is what the result is made of and would be written over; name another file with {option}.");
    }

    /// <summary>Writes every result into the folder, or all of them onto sheets.</summary>
    /// <param name="results">At least one.</param>
    /// <param name="sheetName">What the sheet is called without -o FILE; without .png.</param>
    /// <param name="sheet">How the sheet looks.</param>
    /// <param name="manifest">Of the run.</param>
    /// <param name="inputs">Files that must not be written over.</param>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Write(
        IReadOnlyList<PictureResult> results, string sheetName, GridOptions sheet, JsonObject manifest, IReadOnlyCollection<string> inputs)
    {
        if (_folder is not null)
        {
            var names = results.Select(r => FileName(r.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            // Two pictures may have the same file name; a number tells their results apart.
            return [.. results.Select((r, i) => Write(
                Path.Combine(_folder, FileName(names.Count == results.Count ? r.Name : $"{i}_{r.Name}")), r.Picture(), Of(r), inputs))];
        }

        if (results is [var only])
            return [Write(_file ?? FileName(only.Name), only.Picture(), Of(only), inputs)];
        var path = _file ?? FileName(sheetName);
        var pages = results.Chunk(PageSize).ToList();
        return [.. pages.Select((page, i) =>
        {
            var picture = Grid.Compose([.. page.Select(r => new GridTile(r.Picture(), r.Label))], sheet);
            var facts = new JsonArray([.. page.Select(r => r.Facts.DeepClone())]);
            return Write(pages.Count == 1 ? path : Numbered(path, i + 1), picture, With(manifest, "results", facts), inputs);
        })];

        JsonObject Of(PictureResult result)
        {
            if (result.Input is null) return With(manifest, "result", result.Facts);
            // The list of all inputs is as long as that of the results.
            manifest.Remove("inputs");
            var own = With(manifest, "result", result.Facts);
            own.Insert(own.IndexOf("result"), "inputs", new JsonArray(Manifest.Of(result.Input)));
            return own;
        }
    }

    /// <summary>Where something lies that belongs to the results but is none of them.</summary>
    /// <param name="name">What the sheet would be called without -o FILE.</param>
    /// <param name="extension">With its dot.</param>
    public string Companion(string name, string extension)
    {
        var file = _file ?? FileName(name);
        return _folder is null ? Path.ChangeExtension(file, extension) : Path.Combine(_folder, Path.ChangeExtension(FileName(name), extension));
    }

    private static string Numbered(string path, int number) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}");

    private static string Write(string path, Image picture, JsonObject manifest, IReadOnlyCollection<string> inputs)
    {
        Spare(path, inputs, "-o");
        OutputFile.Write(path, PngWriter.Encode(picture, [new(Manifest.Keyword, manifest.ToJsonString(JsonText.Compact))]));
        return path;
    }

    private static JsonObject With(JsonObject manifest, string name, JsonNode facts)
    {
        var copy = (JsonObject)manifest.DeepClone();
        copy[name] = facts.DeepClone();
        return copy;
    }

    /// <summary>A file name that every system takes.</summary>
    public static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')) + ".png";
}

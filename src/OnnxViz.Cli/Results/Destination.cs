using System.Text.Json.Nodes;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Results;

/// <summary>Where pictures go: -o FILE, -o FOLDER, or a name of their own in the current folder.</summary>
internal sealed class Destination
{
    /// <param name="option">The value of -o; null when there is none.</param>
    /// <exception cref="OnnxVizException">A file of another kind than .png.</exception>
    public Destination(string? option)
    {
        if (option is null) return;
        if (option.Length == 0) throw OnnxVizException.Usage("-o is empty: name a .png file, or a folder (. is the current one).");
        var extension = Path.GetExtension(option);
        if (Directory.Exists(option) || Path.EndsInDirectorySeparator(option) || extension.Length == 0) Folder = option;
        else if (extension.Equals(".png", StringComparison.OrdinalIgnoreCase)) File = option;
        else throw OnnxVizException.Usage($"-o {option}: pictures are written as .png; for a folder end the name with a slash.");
    }

    /// <summary>Takes all that is drawn; null where it was not named.</summary>
    public string? File { get; }

    /// <summary>Takes one file for each result; null where all of them become a sheet.</summary>
    public string? Folder { get; }

    /// <summary>Finds out, before the work, whether there is a place for its results.</summary>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public void Check() => OutputFile.Probe(File ?? Path.Combine(Folder ?? "", FileName(Manifest.Keyword)));

    /// <summary>Where a sheet goes, or the one result of several that there could have been.</summary>
    /// <param name="name">What it is called without -o FILE; without .png.</param>
    /// <param name="page">Its number where there are several, from 1; 0 for one.</param>
    public string FileOf(string name, int page = 0)
    {
        var path = File ?? Path.Combine(Folder ?? "", FileName(name));
        return page == 0 ? path : FileNames.Beside(path, $"-{page}{Path.GetExtension(path)}");
    }

    /// <summary>Where something lies that belongs to the results but is none of them.</summary>
    /// <param name="name">What the sheet would be called without -o FILE.</param>
    /// <param name="extension">With its dot.</param>
    public string Companion(string name, string extension) => FileNames.Beside(FileOf(name), extension);

    /// <summary>Writes a picture with its manifest.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="manifest">What made it.</param>
    /// <returns>The place.</returns>
    /// <exception cref="OnnxVizException">It is what the result is made of; not writable, or the disk is full.</exception>
    public static string Write(string path, Image picture, JsonObject manifest)
    {
        OutputFile.Write(path, PngWriter.Encode(picture, [new(Manifest.Keyword, manifest.ToJsonString(JsonText.Compact))]));
        return path;
    }

    /// <summary>A file name that every system takes; where it would be too long, with a hash of it all in place of its end.</summary>
    public static string FileName(string name) =>
        FileNames.Short(string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'))) + ".png";
}

using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Shared;

/// <summary>Pictures that this program made: in the folder that a run writes to they are no pictures for it to look at.</summary>
internal static class OwnResults
{
    /// <summary>Keyword of the PNG text chunk that all of them have.</summary>
    public const string Keyword = "onnxviz";

    /// <param name="place">-o; null for none.</param>
    /// <returns>Whether a picture is one that was made into that folder.</returns>
    public static Func<string, bool> In(string? place)
    {
        if (string.IsNullOrEmpty(place) || !Directory.Exists(place)) return _ => false;
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
        return path => Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase) && Path.GetDirectoryName(Path.GetFullPath(path)) == folder && ManifestOf(path) is not null;
    }

    /// <summary>What a picture says of how it was made; null for other files and for such as are not whole.</summary>
    public static string? ManifestOf(string path)
    {
        try
        {
            if (FileStatus.Of(path).Kind != PathKind.File || new FileInfo(path).Length > ImageLimits.MaxFileBytes) return null;
            return PngText.Read(File.ReadAllBytes(path), path).FirstOrDefault(t => t.Key == Keyword).Value;
        }
        catch (Exception e) when (e is OnnxVizException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

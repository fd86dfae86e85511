using System.IO.Enumeration;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Datasets;

/// <summary>Paths with * and ? in their names, and ** for any folders: "photos/**/img?.jpg", as shells know them.</summary>
internal static class PicturePattern
{
    private static readonly EnumerationOptions Seen = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    /// <summary>Whether a text is a pattern and not the name of something.</summary>
    public static bool Is(string place) => place.AsSpan().ContainsAny('*', '?') && !Path.Exists(place);

    /// <summary>The pictures that match, each with its name from the first folder on that has no wildcard; hidden ones do not.</summary>
    /// <param name="pattern">Its last part matches names of files; those without a picture's extension are left out.</param>
    public static IEnumerable<(string Path, string Name)> Matches(string pattern)
    {
        string[] parts = pattern.Split(OperatingSystem.IsWindows() ? ['/', '\\'] : ['/']);
        var plain = parts.TakeWhile(p => !p.AsSpan().ContainsAny('*', '?')).Count();
        var root = plain == 0 ? "." : string.Join('/', parts[..plain]) is { Length: > 0 } folder ? folder : "/";
        if (root.Length == 2 && root[1] == ':') root += "/";
        return Directory.Exists(root) ? In(root, "", parts.AsMemory(plain)).DistinctBy(m => m.Path) : [];
    }

    private static IEnumerable<(string Path, string Name)> In(string folder, string name, ReadOnlyMemory<string> parts)
    {
        var (part, rest) = (parts.Span[0], parts[1..]);
        if (part.Length == 0 && rest.Length > 0) return In(folder, name, rest);
        if (part == "**") return Anywhere(folder, name, rest.Length == 0 ? new[] { "*" } : rest);
        return rest.Length > 0
            ? Directory.EnumerateDirectories(folder, "*", Seen).Where(Fits).SelectMany(sub => In(sub, Joined(name, sub), rest))
            : Directory.EnumerateFiles(folder, "*", Seen).Where(f => Fits(f) && ImageFile.HasPictureExtension(f)).Select(f => (Clean(f), Joined(name, f)));

        bool Fits(string path) => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(path), ignoreCase: OperatingSystem.IsWindows());
    }

    private static IEnumerable<(string Path, string Name)> Anywhere(string folder, string name, ReadOnlyMemory<string> rest)
    {
        foreach (var match in In(folder, name, rest)) yield return match;
        foreach (var sub in Directory.EnumerateDirectories(folder, "*", Seen))
        {
            // A link may lead back up.
            if (new DirectoryInfo(sub).LinkTarget is not null) continue;
            foreach (var match in Anywhere(sub, Joined(name, sub), rest)) yield return match;
        }
    }

    private static string Clean(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;

    private static string Joined(string name, string path) => name.Length == 0 ? Path.GetFileName(path) : $"{name}/{Path.GetFileName(path)}";
}

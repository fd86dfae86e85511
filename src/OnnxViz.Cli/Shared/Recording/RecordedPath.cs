namespace OnnxViz.Cli.Shared.Recording;

/// <summary>
/// Where a file lies, as manifests tell it: from the repository on that the work was done in, or else from the working folder, so that it is found again in
/// another clone; of what lies elsewhere no more than its name, for privacy.
/// </summary>
internal static class RecordedPath
{
    /// <summary>Null where somebody has deleted it.</summary>
    public static string? WorkingFolder
    {
        get
        {
            try
            {
                return Directory.GetCurrentDirectory();
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <param name="path">A file, a folder, or a pattern of pictures.</param>
    /// <returns>Relative, with forward slashes and without "..".</returns>
    public static string Of(string path)
    {
        if (WorkingFolder is not { } here) return NameOf(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Below(Path.Combine(CarriedFiles.Folder, "images"), full) is { } carried) return carried == "." ? "images" : carried;
        if (Below(CarriedFiles.Folder, full) is { } known) return known;
        return Below(Repository(here) ?? here, full) ?? NameOf(full);
    }

    /// <summary>The repository that a folder lies in; null for none.</summary>
    public static string? Repository(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            if (Path.Exists(Path.Combine(at, ".git"))) return at;
        return null;
    }

    /// <summary>The way from a folder to what lies in it; null for what lies elsewhere.</summary>
    /// <returns>With forward slashes; "." for the folder itself.</returns>
    public static string? Below(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) ? null : relative;
    }

    /// <summary>A name; of a pattern its folder's with the pattern.</summary>
    private static string NameOf(string full)
    {
        var parts = full.Replace(Path.DirectorySeparatorChar, '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(parts, p => p.AsSpan().IndexOfAny("*?[") >= 0);
        return first < 0 ? parts.LastOrDefault() ?? "." : string.Join('/', parts.Skip(Math.Max(0, first - 1)));
    }
}

namespace OnnxViz.Caching;

/// <summary>Which folder is the user's cache.</summary>
internal static class CachePlace
{
    /// <summary>The environment variable that names another folder, or <see cref="Off"/>.</summary>
    public const string Variable = "ONNXVIZ_CACHE";

    /// <summary>The value of <see cref="Variable"/> that keeps nothing.</summary>
    public const string Off = "off";

    /// <summary>
    /// $ONNXVIZ_CACHE, or else $XDG_CACHE_HOME/onnxviz (XDG Base Directory Specification: absolute paths only), and where neither
    /// is set ~/.cache/onnxviz, on Windows %LOCALAPPDATA%\onnxviz\cache, on macOS ~/Library/Caches/onnxviz.
    /// </summary>
    /// <param name="variable">The value of an environment variable.</param>
    /// <returns>null where nothing is to be kept, or where there is no home.</returns>
    public static string? Find(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } given)
            return given.Equals(Off, StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(given);
        return UserFolder.Find(variable, UserFolderKind.Cache);
    }
}

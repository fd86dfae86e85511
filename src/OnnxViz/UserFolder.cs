namespace OnnxViz;

/// <summary>Where programs keep what belongs to a user.</summary>
internal static class UserFolder
{
    /// <summary>
    /// What an environment variable names, or else a folder onnxviz where the system keeps such things: of the XDG Base Directory
    /// Specification (absolute paths only) where its variable is set.
    /// </summary>
    /// <param name="variable">The value of an environment variable.</param>
    /// <param name="kind">Which of them.</param>
    /// <returns>null where there is no home.</returns>
    public static string? Find(Func<string, string?> variable, UserFolderKind kind)
    {
        if (Absolute(variable(kind.XdgVariable)) is { } xdg) return Path.Combine([xdg, "onnxviz", .. kind.Below]);
        if (OperatingSystem.IsWindows()) return Absolute(variable("LOCALAPPDATA")) is { } local ? Path.Combine(local, "onnxviz", kind.OnWindows) : null;
        if (Absolute(variable("HOME")) is not { } home) return null;
        return Path.Combine([home, .. OperatingSystem.IsMacOS() ? kind.OnMac : kind.OnLinux, "onnxviz", .. kind.Below]);
    }

    private static string? Absolute(string? path) => path is { Length: > 0 } && Path.IsPathFullyQualified(path) ? path : null;
}

/// <param name="XdgVariable">Holds the parent of the folder onnxviz.</param>
/// <param name="OnLinux">Folders from the home to that of onnxviz.</param>
/// <param name="OnMac">The same on macOS.</param>
/// <param name="OnWindows">The folder in that of onnxviz.</param>
/// <param name="Below">Folders in that of onnxviz elsewhere.</param>
internal sealed record UserFolderKind(string XdgVariable, string[] OnLinux, string[] OnMac, string OnWindows, string[] Below)
{
    /// <summary>What can be computed again: ~/.cache/onnxviz.</summary>
    public static UserFolderKind Cache { get; } = new("XDG_CACHE_HOME", [".cache"], ["Library", "Caches"], "cache", []);

    /// <summary>Models that were fetched: ~/.local/share/onnxviz/models.</summary>
    public static UserFolderKind Models { get; } = new("XDG_DATA_HOME", [".local", "share"], ["Library", "Application Support"], "models", ["models"]);
}

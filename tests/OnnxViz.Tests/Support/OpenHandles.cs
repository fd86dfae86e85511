using OnnxViz.Graphs.Emit;

namespace OnnxViz.Tests.Support;

/// <summary>What this process holds open, as Linux tells.</summary>
internal static class OpenHandles
{
    public static bool AreListed => OperatingSystem.IsLinux();

    /// <summary>The files below a folder.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(Target).OfType<string>().Where(t => t.StartsWith(folder, StringComparison.Ordinal))];

    private static string? Target(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget;
        }
        catch (IOException)
        {
            // Closed meanwhile, by another test.
            return null;
        }
    }
}

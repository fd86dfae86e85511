namespace OnnxViz.Pull;

/// <summary>
/// Files that nobody vouches for: an empty file beside them says so, with their name and ".untrusted". Programs run what they make of such a
/// model in a process of its own.
/// </summary>
internal static class Untrusted
{
    private const string Ending = ".untrusted";

    /// <summary>Marks a file; it stays marked until somebody removes the mark.</summary>
    /// <exception cref="OnnxVizException">The folder is not writable.</exception>
    public static void Mark(string path) => WholeFile.Write(path + Ending, _ => { });

    /// <summary>Whether the file is marked; false for what is no file.</summary>
    public static bool Is(string path) => File.Exists(path) && File.Exists(path + Ending);
}

namespace OnnxViz;

/// <summary>
/// Writes files that are there whole or not at all. A link at the place is followed, as cp does: the file that it leads to is replaced and the link stays. What
/// is no file, such as a device or a pipe, is refused: nothing can be put in its place.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes beside the final place and renames; folders on the way are made, a file that is there is replaced.</summary>
    /// <exception cref="OnnxVizException">Not writable, the disk is full, no file, or what the result is made of.</exception>
    public static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>The same of what is written bit by bit.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void Write(string path, Action<Stream> write) => Write(path, write, flushes: false);

    /// <summary>The same, on the disk itself before it gets its name: the power may fail.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void WriteThrough(string path, Action<Stream> write) => Write(path, write, flushes: true);

    private static void Write(string path, Action<Stream> write, bool flushes)
    {
        using var phase = Profiler.Phase("write a file");
        using var file = new FileOnItsWay(path);
        file.Do(write);
        file.Finish(flushes);
    }

    /// <summary>Deletes what is of no use, if that can be done.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // What was to be said about the place has been said by the write itself.
        }
    }

    /// <summary>What file systems throw.</summary>
    internal static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}

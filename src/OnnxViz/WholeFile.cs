namespace OnnxViz;

/// <summary>Writes files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the final place and renames; folders on the way are made, a file that is there is replaced.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, byte[] bytes) => Replace(path, temporary => File.WriteAllBytes(temporary, bytes));

    /// <summary>The same of what is written bit by bit.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void Write(string path, Action<Stream> write) => Replace(path, temporary => Write(temporary, write, flushes: false));

    /// <summary>The same, on the disk itself before it gets its name: the power may fail.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void WriteThrough(string path, Action<Stream> write) => Replace(path, temporary => Write(temporary, write, flushes: true));

    private static void Write(string path, Action<Stream> write, bool flushes)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        write(stream);
        if (flushes) stream.Flush(flushToDisk: true);
    }

    private static void Replace(string path, Action<string> write)
    {
        using var phase = Profiler.Phase("write a file");
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Guard(path, temporary, () =>
            {
                if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
                write(temporary);
                File.Move(temporary, path, overwrite: true);
            });
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Does something with a file on its way to its place.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Guard(string path, string temporary, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // Which name it had on its way is of no interest.
            throw OnnxVizException.Machine($"Cannot write '{path}': {e.Message.Replace($" : '{Path.GetFullPath(temporary)}'", "", StringComparison.Ordinal)}", e);
        }
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

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}

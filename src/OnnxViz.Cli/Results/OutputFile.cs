namespace OnnxViz.Cli.Results;

/// <summary>Writes result files: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the final place and renames; folders on the way are made.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, byte[] bytes) => WholeFile.Write(path, bytes);

    /// <summary>Finds out whether <see cref="Write"/> could write there, and leaves nothing behind.</summary>
    /// <exception cref="OnnxVizException">It could not.</exception>
    public static void Probe(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            while (folder is not null && !Directory.Exists(folder))
                folder = File.Exists(folder) ? throw new IOException($"'{folder}' is a file.") : Path.GetDirectoryName(folder);
            if (folder is null || Directory.Exists(path)) throw new IOException(folder is null ? "There is no such place." : "It is a folder.");
            using var file = File.Create(Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw OnnxVizException.Machine($"Cannot write '{path}': nothing can be created there; name another place.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Machine($"Cannot write '{path}': {e.Message}", e);
        }
    }
}

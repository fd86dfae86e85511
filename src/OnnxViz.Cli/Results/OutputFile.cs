namespace OnnxViz.Cli.Results;

/// <summary>Writes result files: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the final place and renames; folders on the way are made.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, byte[] bytes)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Which name it had on its way is of no interest.
            throw OnnxVizException.Machine($"Cannot write '{path}': {e.Message.Replace($" : '{Path.GetFullPath(temporary)}'", "", StringComparison.Ordinal)}", e);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // What was to be said about the place has been said by the write itself.
        }
    }
}

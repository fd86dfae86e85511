using System.Text;

namespace OnnxViz.Cli.Results;

/// <summary>Writes result files: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the final place and renames; folders on the way are made.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full; no file, or what the result is made of.</exception>
    public static void Write(string path, byte[] bytes) => WholeFile.Write(path, bytes);

    /// <summary>Finds out whether <see cref="Write"/> could write there, and leaves nothing behind.</summary>
    /// <exception cref="OnnxVizException">It could not.</exception>
    public static void Probe(string path)
    {
        var place = FileOnItsWay.PlaceOf(path);
        try
        {
            var (name, folder) = (Path.GetFileName(place), Path.GetDirectoryName(place));
            while (folder is not null && !Directory.Exists(folder))
            {
                if (FileStatus.Of(folder).Kind is var kind and not PathKind.Nothing) throw new IOException($"'{folder}' is {FileStatus.Text(kind)}.");
                RequireShort(Path.GetFileName(folder));
                folder = Path.GetDirectoryName(folder);
            }

            if (folder is null) throw new IOException("There is no such place.");
            RequireShort(name);
            _ = File.Exists(place) ? default : Attributes(place);
            Leftovers.Probe(folder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw OnnxVizException.Machine($"Cannot write '{path}': nothing can be created there; name another place.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Machine($"Cannot write '{path}': {Leftovers.WithoutNames(e.Message)}", e);
        }
    }

    private static void RequireShort(string name)
    {
        var length = OperatingSystem.IsWindows() ? name.Length : Encoding.UTF8.GetByteCount(name);
        if (length > FileNames.Longest) throw new IOException($"its name has {length} {(OperatingSystem.IsWindows() ? "letters" : "bytes")}, and {FileNames.Longest} are the most that file systems take.");
    }

    /// <summary>Asks a file system that takes shorter names only, or none of these letters.</summary>
    private static FileAttributes Attributes(string place)
    {
        try
        {
            return File.GetAttributes(place);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }
}

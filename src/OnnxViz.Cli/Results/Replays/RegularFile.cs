namespace OnnxViz.Cli.Results.Replays;

/// <summary>Files that end: devices, pipes and sockets, and what the system makes up when it is read, have no length.</summary>
internal static class RegularFile
{
    /// <summary>Whether a path, or what it is a link to, is a file with something in it.</summary>
    public static bool Is(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null) file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file is { Exists: true, Length: > 0 };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

namespace OnnxViz.Prepare;

/// <summary>
/// A folder that takes its place when it is complete: until then it has another name beside it, and when anything goes
/// wrong it is gone, and what was there before is still there.
/// </summary>
internal sealed class FolderReplacement : IDisposable
{
    private readonly string _final;

    /// <param name="folder">Does not exist, is empty, or holds only files that may be replaced.</param>
    /// <param name="isOurs">Whether an existing file may be replaced.</param>
    /// <exception cref="OnnxVizException">There are other files, or the place is not writable.</exception>
    public FolderReplacement(string folder, Func<string, bool> isOurs)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(path)) throw OnnxVizException.BadArgument(nameof(folder), $"{folder}: that is a file; a folder is written.");
        _final = Guarded(() => Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        if (Guarded(() => Others(isOurs)) is { } other)
            throw OnnxVizException.BadArgument(nameof(folder), $"{folder}: '{other}' in it is not of a prepared folder; name a new or empty folder.");
        Temporary = $"{_final}.{Guid.NewGuid():N}.tmp";
        Guarded(() => Directory.CreateDirectory(Temporary));
    }

    /// <summary>Where to write.</summary>
    public string Temporary { get; }

    /// <summary>Puts the folder in its place.</summary>
    public void Commit() => Guarded(() =>
    {
        var before = $"{Temporary}.old";
        if (Directory.Exists(_final)) Directory.Move(_final, before);
        try
        {
            Directory.Move(Temporary, _final);
        }
        catch (IOException) when (Directory.Exists(before))
        {
            Directory.Move(before, _final);
            throw;
        }

        if (Directory.Exists(before)) Directory.Delete(before, recursive: true);
        return true;
    });

    public void Dispose()
    {
        if (Directory.Exists(Temporary)) Directory.Delete(Temporary, recursive: true);
    }

    private string? Others(Func<string, bool> isOurs)
    {
        if (!Directory.Exists(_final)) return null;
        var entries = Directory.GetFileSystemEntries(_final);
        var isWhole = entries.Length == 0 || entries.Any(e => Path.GetFileName(e) == PreparedIndex.FileName);
        return entries.Select(e => Path.GetFileName(e)).FirstOrDefault(name => !isWhole || !isOurs(name));
    }

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Machine($"The folder '{_final}' cannot be written: {e.Message}", e);
        }
    }
}

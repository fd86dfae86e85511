namespace OnnxViz;

/// <summary>A file that gets its name when it is whole; until then, and where that never comes, what had the name has it still.</summary>
internal sealed class FileOnItsWay : IDisposable
{
    private readonly string _path;
    private readonly string _final = "";
    private readonly FileStream? _stream;
    private bool _isThere;

    /// <param name="path">Where it goes; folders on the way are made.</param>
    /// <exception cref="OnnxVizException">Not writable, no file, or what the result is made of.</exception>
    public FileOnItsWay(string path)
    {
        _path = path;
        _final = PlaceOf(path);
        try
        {
            var folder = Path.GetDirectoryName(_final)!;
            Directory.CreateDirectory(folder);
            if (RunFiles.IsFirstIn(folder)) Leftovers.Sweep(folder);
            _stream = Leftovers.NewFile(folder);
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            throw Failed(e);
        }
    }

    /// <summary>Where a file of that name goes: to the end of a link.</summary>
    /// <exception cref="OnnxVizException">There is something that cannot be replaced, or what the result is made of.</exception>
    public static string PlaceOf(string path)
    {
        string final;
        PathKind kind;
        try
        {
            final = RealPath.Of(path);
            kind = FileStatus.Of(final).Kind;
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            throw OnnxVizException.Machine($"Cannot write '{path}': {e.Message}", e);
        }

        if (kind == PathKind.Folder) throw OnnxVizException.Machine($"Cannot write '{path}': It is a folder.");
        if (kind is not (PathKind.File or PathKind.Nothing)) throw OnnxVizException.Usage($"'{path}' is {FileStatus.Text(kind)}: results are files, which come into being whole; name one.");
        RunFiles.RequireNoInput(path);
        return final;
    }

    /// <summary>Writes to it.</summary>
    /// <exception cref="OnnxVizException">The disk is full.</exception>
    public void Do(Action<Stream> write)
    {
        try
        {
            write(_stream!);
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            throw Failed(e);
        }
    }

    /// <summary>Gives it its name.</summary>
    /// <param name="flushes">Whether it has to be on the disk itself before.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Finish(bool flushes = false)
    {
        RunFiles.RequireNoInput(_path);
        try
        {
            _stream!.Flush(flushes);
            KeepMode();
            // While it is open it is locked, and nobody takes it for a leftover.
            File.Move(_stream.Name, _final, overwrite: true);
            _isThere = true;
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            throw Failed(e);
        }
    }

    public void Dispose()
    {
        if (_stream is null) return;
        try
        {
            if (!_isThere && !OperatingSystem.IsWindows()) WholeFile.TryDelete(_stream.Name);
            _stream.Dispose();
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            // The disk is full, which was said.
        }

        if (!_isThere && OperatingSystem.IsWindows()) WholeFile.TryDelete(_stream.Name);
    }

    /// <summary>Who may read a file does not change by its being written anew.</summary>
    private void KeepMode()
    {
        if (OperatingSystem.IsWindows() || !File.Exists(_final)) return;
        try
        {
            File.SetUnixFileMode(_stream!.SafeFileHandle, File.GetUnixFileMode(_final));
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            // A file system without modes.
        }
    }

    /// <summary>Which name it had on its way is of no interest.</summary>
    private OnnxVizException Failed(Exception e) => OnnxVizException.Machine($"Cannot write '{_path}': {Leftovers.WithoutNames(e.Message)}", e);
}

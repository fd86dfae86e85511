namespace OnnxViz.Profiling;

/// <summary>Where ONNX Runtime writes while a profiler runs: a folder of the system's for temporary files, there from the first session on.</summary>
internal sealed class ProfileFolder : IDisposable
{
    private string? _path;
    private IDisposable? _lock;

    /// <exception cref="OnnxVizException">Nothing can be written there.</exception>
    public string Path
    {
        get
        {
            lock (this) return _path ??= Create();
        }
    }

    public void Dispose()
    {
        if (_path is null) return;
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The work is done; the next profile clears away what the system does not let go of.
        }

        _lock?.Dispose();
    }

    private string Create()
    {
        try
        {
            var place = System.IO.Path.GetTempPath();
            Leftovers.Sweep(place);
            (var folder, _lock) = Leftovers.NewFolder(place, isPrivate: true);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Machine($"A profile needs room for temporary files, and '{System.IO.Path.GetTempPath()}' has none: {Leftovers.WithoutNames(e.Message)}", e);
        }
    }
}

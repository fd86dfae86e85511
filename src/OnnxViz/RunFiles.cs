using System.Collections.Concurrent;

namespace OnnxViz;

/// <summary>
/// The files that a piece of work is made of, of which none may be written over, and the folders that it writes to. It is ambient: it knows what its own
/// thread reads and what is started from there, so that every reader and every writer counts. Where none was started nothing is refused.
/// </summary>
internal sealed class RunFiles : IDisposable
{
    private static readonly AsyncLocal<RunFiles?> Ambient = new();

    private readonly RunFiles? _outer = Ambient.Value;
    private readonly ConcurrentDictionary<string, string> _inputs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);

    private RunFiles() => Ambient.Value = this;

    /// <summary>Knows what is read and written from now on, until it is disposed.</summary>
    public static RunFiles Start() => new();

    /// <summary>Results are made of this file.</summary>
    public static void Reads(string path)
    {
        if (Ambient.Value is { } current && FileStatus.Of(path).Identity is { } identity) current._inputs.TryAdd(identity, path);
    }

    /// <param name="path">About to be written.</param>
    /// <exception cref="OnnxVizException">It is one of the files that were read, by whatever name.</exception>
    public static void RequireNoInput(string path)
    {
        if (Ambient.Value is not { } current || FileStatus.Of(path).Identity is not { } identity || !current._inputs.TryGetValue(identity, out var input)) return;
        var same = Path.GetFullPath(input) == Path.GetFullPath(path) ? $"'{path}'" : $"'{path}' is the same file as '{input}', which";
        throw OnnxVizException.Usage($"{same} is what the result is made of and would be written over; name another file.");
    }

    /// <summary>Whether a folder is written to for the first time.</summary>
    public static bool IsFirstIn(string folder) => Ambient.Value is { } current && current._swept.TryAdd(Path.GetFullPath(folder), true);

    public void Dispose() => Ambient.Value = _outer;
}

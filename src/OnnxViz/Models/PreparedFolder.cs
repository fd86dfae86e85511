using System.Collections.Concurrent;
using OnnxViz.Onnx;

namespace OnnxViz.Models;

/// <summary>A folder with a model's prepared gradient graphs, found to be whole. It holds the files of its gradient graphs open.</summary>
internal sealed class PreparedFolder : IDisposable
{
    private readonly string _path;
    private readonly ConcurrentDictionary<PreparedGradient, Lazy<OnnxModel>> _gradients = [];

    private PreparedFolder(string path, PreparedIndex index) => (_path, Index) = (path, index);

    public PreparedIndex Index { get; }

    /// <exception cref="OnnxVizException">No prepared folder, of another version, or damaged.</exception>
    public static PreparedFolder Open(string path)
    {
        var folder = new PreparedFolder(path, PreparedIndex.Load(path));
        // Whatever of it is used, none of it is written over.
        foreach (var file in folder.Index.Files) RunFiles.Reads(PathOf(path, file));
        if (folder.Index.Weights is { } weights) Check(path, weights);
        return folder;
    }

    /// <summary>Whether a path is meant to be such a folder.</summary>
    public static bool IsAt(string path) => FileStatus.Of(Path.Combine(path, PreparedIndex.FileName)).Kind != PathKind.Nothing;

    /// <exception cref="OnnxVizException">It was made from another model.</exception>
    public void RequireSource(VisionModel model)
    {
        var source = Index.Source;
        var isSame = model.Prepared is { } other
            ? other.Index.Source == source
            : model.File.Sha256 == source.Sha256 && model.File.ExternalSha256 == source.ExternalSha256;
        if (!isSame)
            throw OnnxVizException.Input($"'{_path}' was prepared from {source.File}, which is another model than {model.Name} (SHA-256 differs); prepare it again.");
    }

    /// <summary>The model, every layer an output; the caller's to dispose.</summary>
    /// <exception cref="OnnxVizException">Damaged or missing.</exception>
    public OnnxModel Forward() => Load(Index.Forward);

    /// <summary>The graph from image and seed to activation and gradient; null when it was not prepared.</summary>
    /// <param name="tensor">The layer as the source calls it.</param>
    /// <param name="rule">The name of the rules.</param>
    /// <exception cref="OnnxVizException">Damaged or missing.</exception>
    public Graph? Gradient(string tensor, string rule)
    {
        if (Index.Gradients.FirstOrDefault(g => g.Tensor == tensor && g.Rule == rule) is not { } prepared) return null;
        var graph = _gradients.GetOrAdd(prepared, p => new(() => Load(p.Graph))).Value.Graph;
        // Which file is which graph is said by the index, which may have been edited.
        return graph is { Inputs: [{ Dims: { } dims }, { Type: ElementType.Float }], Outputs: [_, _] } && dims.Length == Index.Preprocessing.Input.Shape.Length
            ? graph
            : throw Damaged(_path, $"{prepared.Graph.File} is no graph of a gradient");
    }

    public void Dispose()
    {
        foreach (var gradient in _gradients.Values.Where(g => g.IsValueCreated)) gradient.Value.Dispose();
        _gradients.Clear();
    }

    /// <summary>Whether a folder may be replaced by another of the kind: it is empty, or was prepared and is as it was written.</summary>
    /// <param name="path">A folder.</param>
    /// <returns>What speaks against it; null for nothing.</returns>
    public static string? Foreign(string path)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(path).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)];
        if (names.Length == 0) return null;
        try
        {
            if (!names.Contains(PreparedIndex.FileName)) return $"'{names[0]}' in it is not of a prepared folder";
            var index = PreparedIndex.Load(path, isOwn: false);
            var known = index.Files.ToDictionary(f => f.File);
            foreach (var name in names.Where(n => n != PreparedIndex.FileName))
            {
                if (!known.TryGetValue(name, out var file)) return $"'{name}' in it is not of a prepared folder";
                _ = Check(path, file);
            }

            return null;
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private OnnxModel Load(PreparedFile file) => OnnxFile.Load(Check(_path, file));

    private static string Check(string folder, PreparedFile file)
    {
        var path = PathOf(folder, file);
        if (!File.Exists(path)) throw Damaged(folder, $"{file.File} is missing");
        using var opened = OpenFile.At(path);
        if (opened.Length != file.Size) throw Damaged(folder, $"{file.File} has {opened.Length} bytes instead of {file.Size}");
        return opened.Sha256().Equals(file.Sha256, StringComparison.OrdinalIgnoreCase) ? path : throw Damaged(folder, $"{file.File} is not as it was written (SHA-256 differs)");
    }

    private static string PathOf(string folder, PreparedFile file)
    {
        try
        {
            return FolderFile.In(folder, file.File);
        }
        catch (FormatException e)
        {
            throw Damaged(folder, e.Message.TrimEnd('.'), e);
        }
    }

    private static OnnxVizException Damaged(string folder, string why, Exception? inner = null) =>
        OnnxVizException.Input($"'{folder}' is damaged: {why}. Prepare it again.", inner);
}

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
        if (folder.Index.Weights is { } weights) folder.Check(weights);
        return folder;
    }

    /// <summary>Whether a path is meant to be such a folder.</summary>
    public static bool IsAt(string path) => File.Exists(Path.Combine(path, PreparedIndex.FileName));

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
        return _gradients.GetOrAdd(prepared, p => new(() => Load(p.Graph))).Value.Graph;
    }

    public void Dispose()
    {
        foreach (var gradient in _gradients.Values.Where(g => g.IsValueCreated)) gradient.Value.Dispose();
        _gradients.Clear();
    }

    private OnnxModel Load(PreparedFile file) => OnnxFile.Load(Check(file));

    private string Check(PreparedFile file)
    {
        var path = Path.Combine(_path, Path.GetFileName(file.File));
        if (!File.Exists(path)) throw OnnxVizException.Input($"'{_path}' is damaged: {file.File} is missing. Prepare it again.");
        var length = new FileInfo(path).Length;
        if (length != file.Size)
            throw OnnxVizException.Input($"'{_path}' is damaged: {file.File} has {length} bytes instead of {file.Size}. Prepare it again.");
        using var opened = OpenFile.At(path);
        return opened.Sha256() == file.Sha256
            ? path
            : throw OnnxVizException.Input($"'{_path}' is damaged: {file.File} is not as it was written (SHA-256 differs). Prepare it again.");
    }
}

using OnnxViz.Graphs;

namespace OnnxViz.Onnx;

/// <summary>
/// What an .onnx file says: the graph and who made it. The weights stay in the file until they are asked for; it and
/// those of external data are open until the model is disposed, then weights that were never read cannot be read any more.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly OpenFile _file;
    private readonly ExternalData _external;
    private readonly Lazy<string> _sha256;
    private readonly Lazy<string?> _externalSha256;

    /// <param name="file">Owned by the model from now on.</param>
    /// <param name="external">Likewise.</param>
    /// <param name="graph">Its constants lie in these files.</param>
    internal OnnxModel(OpenFile file, ExternalData external, Graph graph)
    {
        (_file, _external) = (file, external);
        (Path, Length, Graph) = (file.Path, file.Length, graph);
        _sha256 = new Lazy<string>(file.Sha256);
        _externalSha256 = new Lazy<string?>(() => external.Files.Count == 0 ? null : string.Join(' ', external.Files.Select(f => f.Sha256())));
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    /// <summary>Bytes of the model's file.</summary>
    public long Length { get; }

    public Graph Graph { get; }

    public long IrVersion { get; init; }

    /// <summary>The exporter; empty when the file does not say.</summary>
    public string ProducerName { get; init; } = "";

    public string ProducerVersion { get; init; } = "";

    /// <summary>metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the model's file, in lower-case hexadecimal; computed when first asked for, without external data.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Of the files that hold external data, in the order of the graph; null where there are none.</summary>
    public string? ExternalSha256 => _externalSha256.Value;

    public void Dispose()
    {
        _file.Dispose();
        _external.Dispose();
    }
}

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
    /// <param name="external">Its files of weights, owned by the model from now on.</param>
    /// <param name="graph">Its constants lie in these files.</param>
    internal OnnxModel(OpenFile file, ExternalData external, Graph graph)
    {
        (_file, _external) = (file, external);
        (Path, Length, Graph) = (file.Path, file.Length, graph);
        _sha256 = new Lazy<string>(() => file.Sha256());
        _externalSha256 = new Lazy<string?>(() => external.Files.Count == 0 ? null : string.Join(' ', external.Files.Select(f => f.Sha256())));
    }

    /// <summary>The path that it was loaded by.</summary>
    public string Path { get; }

    /// <summary>It, and its files of external data.</summary>
    internal IEnumerable<string> Paths => _external.Files.Select(f => f.Path).Prepend(Path);

    /// <summary>Bytes of the model's file.</summary>
    public long Length { get; }

    /// <summary>What the file computes.</summary>
    public Graph Graph { get; }

    /// <summary>Version of the file's format.</summary>
    public long IrVersion { get; init; }

    /// <summary>The exporter; empty when the file does not say.</summary>
    public string ProducerName { get; init; } = "";

    /// <summary>The exporter's version; empty when the file does not say.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal; computed when first asked for, without external data.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>SHA-256 of each file that holds external data, in the order of the graph; null where there are none.</summary>
    public string? ExternalSha256 => _externalSha256.Value;

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _external.Dispose();
    }
}

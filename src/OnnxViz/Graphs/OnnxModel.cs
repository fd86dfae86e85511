namespace OnnxViz.Graphs;

/// <summary>What an .onnx file says: the graph and who made it. The weights stay in the file until they are asked for.</summary>
public sealed class OnnxModel
{
    private readonly Lazy<string> _sha256;

    private readonly Lazy<string?> _externalSha256;

    internal OnnxModel(OpenFile file, IReadOnlyCollection<OpenFile> external, Graph graph)
    {
        (Path, Length, Graph) = (file.Path, file.Length, graph);
        _sha256 = new Lazy<string>(file.Sha256);
        _externalSha256 = new Lazy<string?>(() => external.Count == 0 ? null : string.Join(' ', external.Select(f => f.Sha256())));
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
}

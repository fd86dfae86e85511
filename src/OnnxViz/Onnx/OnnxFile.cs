using Google.Protobuf;
using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>
/// .onnx files, in and out. With the readers and the writer beside it this is the only door to protobuf: nothing else
/// names a type that ends in Proto.
/// </summary>
public static class OnnxFile
{
    public const int OldestOpset = 7;

    public const int NewestOpset = 26;

    /// <summary>Reads a model; the elements of its large tensors stay in its files until they are asked for.</summary>
    /// <exception cref="OnnxVizException">
    /// The file cannot be read, is no ONNX, is damaged, or says what ONNX Runtime must not be given; the message
    /// names the file and, where there is one, the node.
    /// </exception>
    public static OnnxModel Load(string path)
    {
        var file = OpenFile.At(path);
        var external = new ExternalData(path);
        OnnxModel? model = null;
        try
        {
            return model = Read(file, external);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw OnnxVizException.Input($"{path}: The file is damaged or no ONNX model.", e);
        }
        catch (OnnxVizException e)
        {
            throw OnnxVizException.Input($"{path}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw OnnxVizException.Input($"{path} cannot be read: {e.Message}", e);
        }
        finally
        {
            if (model is null)
            {
                file.Dispose();
                external.Dispose();
            }
        }
    }

    /// <summary>The model as a file would hold it. The weights are there once, whatever the graph keeps in memory.</summary>
    /// <exception cref="OnnxVizException">It would be 2 GB or more, which no ONNX file can be.</exception>
    public static byte[] Serialize(Graph graph) => Serialize(graph, null);

    /// <summary>The model without the weights that have another place.</summary>
    /// <inheritdoc cref="Serialize(Graph)"/>
    internal static byte[] Serialize(Graph graph, IExternalData? weights)
    {
        var writer = new ModelWriter(graph, weights);
        var bytes = new byte[writer.Size];
        using var output = new CodedOutputStream(bytes);
        writer.Write(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }

    /// <summary>Writes the model; the file is there whole or not at all.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <exception cref="OnnxVizException">It would be 2 GB or more, or the file cannot be written.</exception>
    public static void Save(Graph graph, string path) => Save(graph, path, null, null);

    /// <inheritdoc cref="Save(Graph, string)"/>
    /// <param name="graph">The model.</param>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="metadata">What the model says of itself, by key.</param>
    public static void Save(Graph graph, string path, IReadOnlyDictionary<string, string> metadata) => Save(graph, path, null, metadata);

    /// <param name="graph">The model.</param>
    /// <param name="path">Where to.</param>
    /// <param name="weights">In the same folder, for the large tensors; without it they are in the model's file.</param>
    /// <exception cref="OnnxVizException">It would be 2 GB or more, or the file cannot be written.</exception>
    internal static void Save(Graph graph, string path, IExternalData? weights) => Save(graph, path, weights, null);

    private static void Save(Graph graph, string path, IExternalData? weights, IReadOnlyDictionary<string, string>? metadata)
    {
        var writer = new ModelWriter(graph, weights, metadata);
        WholeFile.Write(path, stream =>
        {
            using var output = new CodedOutputStream(stream, 1 << 16, leaveOpen: true);
            writer.Write(output);
        });
    }

    /// <summary>The standard operators' domain has two spellings.</summary>
    internal static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static OnnxModel Read(OpenFile file, ExternalData external)
    {
        var model = ModelProto.Parser.ParseFrom(FileOutline.Of(file));
        if (model.Graph is null) throw OnnxVizException.Input("There is no graph in the file: it is truncated or no ONNX model.");
        var opset = Opset(model);
        FunctionInlining.Apply(model);
        var graph = GraphReader.Read(model.Graph, new TensorReader(file, external), opset, Domains(model));
        GraphValidation.Check(graph);
        var metadata = new Dictionary<string, string>();
        foreach (var entry in model.MetadataProps) metadata[entry.Key] = entry.Value;
        return new OnnxModel(file, external, graph)
        {
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Metadata = metadata,
        };
    }

    private static int Opset(ModelProto model)
    {
        var import = model.OpsetImport.FirstOrDefault(o => Domain(o.Domain).Length == 0)
            ?? throw OnnxVizException.Input("The file does not say which version of the standard operators it uses (opset_import): it is truncated or older than opset 2.");
        return import.Version is >= OldestOpset and <= NewestOpset
            ? (int)import.Version
            : throw OnnxVizException.Input($"Its operators are of opset {import.Version}; opsets {OldestOpset} to {NewestOpset} are read.");
    }

    private static Dictionary<string, int> Domains(ModelProto model)
    {
        var imported = new Dictionary<string, int>();
        foreach (var import in model.OpsetImport) imported[Domain(import.Domain)] = (int)import.Version;
        var result = new Dictionary<string, int>();
        foreach (var node in Nodes(model.Graph))
        {
            var domain = Domain(node.Domain);
            if (domain.Length == 0) continue;
            result[domain] = imported.TryGetValue(domain, out var version)
                ? version
                : throw OnnxVizException.Input($"{node.OpType} node '{node.Name}' is of the domain '{domain}', which the model does not import.");
        }

        return result;
    }

    private static IEnumerable<NodeProto> Nodes(GraphProto graph) => graph.Node.SelectMany(node =>
        node.Attribute.Where(a => a.G is not null).SelectMany(a => Nodes(a.G)).Prepend(node));
}

using Google.Protobuf;
using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>
/// Writes a model field by field, so that weights go from the graph to the output without a message between that holds
/// them all. The size is known before the first byte is written.
/// </summary>
internal sealed class ModelWriter
{
    private const int GraphField = 7;
    private const int InitializerField = 5;
    private const int RawDataField = 9;

    private readonly ModelProto _model;
    private readonly GraphProto _graph;
    private readonly List<(TensorProto Head, Tensor? Elements)> _tensors = [];
    private readonly int _graphSize;

    /// <param name="graph">The model.</param>
    /// <param name="weights">Takes the large tensors, so that the model only says where they are; else they are in the model.</param>
    /// <exception cref="OnnxVizException">A node that was not understood when it was read; 2 GB or more.</exception>
    /// <param name="metadata">What the model says of itself, by key.</param>
    public ModelWriter(Graph graph, IExternalData? weights = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        _model = new ModelProto { IrVersion = IrVersion(graph.Opset), ProducerName = "OnnxViz" };
        _model.OpsetImport.Add(new OperatorSetIdProto { Version = graph.Opset });
        foreach (var domain in Domains(graph).Distinct().Order(StringComparer.Ordinal))
            _model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = graph.Domains.GetValueOrDefault(domain, 1) });
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
            _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        var writer = new GraphWriter();
        _graph = writer.Write(graph);
        foreach (var (name, tensor) in writer.Initializers)
        {
            var head = GraphWriter.Head(tensor, name);
            var place = weights?.PlaceOf(tensor);
            if (place is not null) Refer(head, tensor, place);
            _tensors.Add((head, place is null ? tensor : null));
        }

        var graphSize = (long)_graph.CalculateSize();
        foreach (var (head, tensor) in _tensors) graphSize += Field(InitializerField, EntrySize(head, tensor));
        var size = _model.CalculateSize() + Field(GraphField, graphSize);
        if (size > int.MaxValue)
            throw OnnxVizException.Input($"The model would take {size} bytes; an ONNX file ends at 2 GB (2147483647 bytes).");
        (_graphSize, Size) = ((int)graphSize, (int)size);
    }

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public int Size { get; }

    public void Write(CodedOutputStream output)
    {
        using var scratch = Scratch.Begin();
        _model.WriteTo(output);
        output.WriteTag(GraphField, WireFormat.WireType.LengthDelimited);
        output.WriteLength(_graphSize);
        _graph.WriteTo(output);
        foreach (var (head, tensor) in _tensors)
        {
            output.WriteTag(InitializerField, WireFormat.WireType.LengthDelimited);
            output.WriteLength((int)EntrySize(head, tensor));
            head.WriteTo(output);
            if (tensor is null) continue;
            output.WriteTag(RawDataField, WireFormat.WireType.LengthDelimited);
            tensor.Use(bytes =>
            {
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes));
                return bytes.Length;
            });
        }

        output.Flush();
    }

    /// <summary>The lowest version that has what the opset needs; runtimes refuse files of versions they do not know.</summary>
    private static int IrVersion(int opset) => opset switch
    {
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };

    private static IEnumerable<string> Domains(Graph graph) => graph.Nodes
        .SelectMany(n => n.Subgraphs.SelectMany(Domains).Append(n.Domain))
        .Where(d => d.Length > 0);

    private static void Refer(TensorProto head, Tensor tensor, ExternalLocation place)
    {
        head.DataLocation = TensorProto.Types.DataLocation.External;
        (string, string)[] entries = [("location", place.Location), ("offset", $"{place.Offset}"), ("length", $"{tensor.ByteLength}")];
        foreach (var (key, value) in entries) head.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    private static long EntrySize(TensorProto head, Tensor? elements) =>
        head.CalculateSize() + (elements is null ? 0 : Field(RawDataField, elements.ByteLength));

    private static long Field(int number, long length) =>
        CodedOutputStream.ComputeTagSize(number) + CodedOutputStream.ComputeUInt64Size((ulong)length) + length;
}

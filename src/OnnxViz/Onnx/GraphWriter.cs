using Google.Protobuf;
using OnnxViz.Graphs.Inference;
using OnnxViz.Onnx.Proto;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;
using Dimension = OnnxViz.Onnx.Proto.TensorShapeProto.Types.Dimension;

namespace OnnxViz.Onnx;

/// <summary>Turns a graph into one of names; its constants are collected, to be written by others.</summary>
internal sealed class GraphWriter(GraphWriter? outer = null)
{
    private readonly Dictionary<string, Value> _names = [];

    /// <summary>The constants that the graph uses, in order of appearance, without those of graphs around it.</summary>
    public List<(string Name, Tensor Tensor)> Initializers { get; } = [];

    /// <exception cref="OnnxVizException">A node has an attribute that was not understood when it was read.</exception>
    /// <exception cref="InvalidOperationException">Two values have one name, or none.</exception>
    public GraphProto Write(Graph graph)
    {
        var proto = new GraphProto { Name = graph.Name };
        foreach (var value in graph.Inputs)
        {
            Declare(value);
            proto.Input.Add(Info(value));
        }

        // Constants first: a subgraph must find those that the graph around it has.
        foreach (var value in graph.Values().Concat(graph.Outputs)) Declare(value);
        foreach (var node in graph.Nodes) proto.Node.Add(Write(node));
        foreach (var value in graph.Outputs) proto.Output.Add(Info(value));
        var described = graph.Inputs.Concat(graph.Outputs).ToHashSet();
        foreach (var value in graph.Nodes.SelectMany(n => n.Outputs))
            if (value.Type != ElementType.Undefined && described.Add(value)) proto.ValueInfo.Add(Info(value));
        return proto;
    }

    /// <summary>A tensor without its elements.</summary>
    public static TensorProto Head(Tensor tensor, string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.Type };
        proto.Dims.Add(tensor.Dims);
        return proto;
    }

    private static ValueInfoProto Info(Value value)
    {
        var type = new TypeProto.Types.Tensor { ElemType = (int)value.Type };
        if (value.Dims is { } dims)
        {
            type.Shape = new TensorShapeProto();

            // One name for equal ones: a runtime that knows which dimensions agree can fuse across them.
            for (var i = 0; i < dims.Length; i++)
                type.Shape.Dim.Add(dims[i] >= 0 ? new Dimension { DimValue = dims[i] } : new Dimension { DimParam = Name(DimensionNames.Of(value, i)) });
        }

        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = type } };
    }

    private static string Name(SymbolicDim dimension) => $"{dimension.First.Name}_{dimension.Axis}";

    private void Declare(Value value)
    {
        for (var scope = outer; scope is not null; scope = scope.Outer)
            if (scope._names.TryGetValue(value.Name, out var around) && around == value) return;
        if (value.Name.Length == 0) throw new InvalidOperationException("A value has no name.");
        if (_names.TryGetValue(value.Name, out var known))
        {
            if (known != value) throw new InvalidOperationException($"Two values are named '{value.Name}'.");
            return;
        }

        _names.Add(value.Name, value);
        if (value.Constant is not null) Initializers.Add((value.Name, value.Constant));
    }

    private GraphWriter? Outer => outer;

    private NodeProto Write(Node node)
    {
        node.RequireReadable();
        var proto = new NodeProto { OpType = node.OpType, Name = node.Name, Domain = node.Domain };
        foreach (var input in node.Inputs) proto.Input.Add(input?.Name ?? "");
        foreach (var output in node.Outputs) proto.Output.Add(output.Name);
        foreach (var (name, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal)) proto.Attribute.Add(Attribute(name, value));
        return proto;
    }

    private AttributeProto Attribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long number: (proto.Type, proto.I) = (AttributeKind.Int, number); break;
            case int number: (proto.Type, proto.I) = (AttributeKind.Int, number); break;
            case float number: (proto.Type, proto.F) = (AttributeKind.Float, number); break;
            case string text: (proto.Type, proto.S) = (AttributeKind.String, ByteString.CopyFromUtf8(text)); break;
            case Tensor tensor: (proto.Type, proto.T) = (AttributeKind.Tensor, Whole(tensor, "")); break;
            case Graph graph: (proto.Type, proto.G) = (AttributeKind.Graph, Subgraph(graph)); break;
            case long[] numbers: (proto.Type, _) = (AttributeKind.Ints, Add(proto.Ints, numbers)); break;
            case float[] numbers: (proto.Type, _) = (AttributeKind.Floats, Add(proto.Floats, numbers)); break;
            case string[] texts: (proto.Type, _) = (AttributeKind.Strings, Add(proto.Strings, texts.Select(ByteString.CopyFromUtf8))); break;
            default: throw new InvalidOperationException($"Attribute '{name}' is a {value.GetType().Name}, which ONNX does not have.");
        }

        return proto;

        static bool Add<T>(Google.Protobuf.Collections.RepeatedField<T> field, IEnumerable<T> elements)
        {
            field.AddRange(elements);
            return true;
        }
    }

    private GraphProto Subgraph(Graph graph)
    {
        var writer = new GraphWriter(this);
        var proto = writer.Write(graph);
        foreach (var (name, tensor) in writer.Initializers) proto.Initializer.Add(Whole(tensor, name));
        return proto;
    }

    private static TensorProto Whole(Tensor tensor, string name)
    {
        var proto = Head(tensor, name);
        proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.Read());
        return proto;
    }
}

using Google.Protobuf.Collections;
using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>
/// Makes a graph of values and nodes out of one of names. A subgraph (of If, Loop, Scan) refers to the values around
/// it as those objects.
/// </summary>
internal sealed class GraphReader
{
    private const int LongestName = 10_000;

    private readonly GraphProto _proto;
    private readonly TensorReader _tensors;
    private readonly GraphReader? _outer;
    private readonly Dictionary<string, Value> _values = [];
    private readonly Dictionary<string, TensorProto> _initializers = [];
    private readonly HashSet<string> _sparse;
    private readonly FreeNames _names = new();
    private readonly List<Node> _nodes = [];

    private GraphReader(GraphProto proto, TensorReader tensors, GraphReader? outer)
    {
        (_proto, _tensors, _outer) = (proto, tensors, outer);
        _sparse = proto.SparseInitializer.Select(s => s.Values?.Name ?? "").ToHashSet();
    }

    /// <exception cref="OnnxVizException">Names that are missing, undefined or used twice; tensors that do not fit.</exception>
    public static Graph Read(GraphProto proto, TensorReader tensors, int opset, IReadOnlyDictionary<string, int> domains) =>
        new GraphReader(proto, tensors, null).Read(opset, domains);

    private Graph Read(int opset, IReadOnlyDictionary<string, int> domains)
    {
        foreach (var tensor in _proto.Initializer)
            if (!_initializers.TryAdd(tensor.Name, tensor)) throw OnnxVizException.Input($"Two initializers are named '{tensor.Name}'.");

        // Up to IR version 3 every initializer is listed as an input too.
        var inputs = _proto.Input.Where(i => !_initializers.ContainsKey(i.Name) && !_sparse.Contains(i.Name))
            .Select(i => Declare(i.Name, "input")).ToList();
        var outputs = _proto.Node.Select(node => DeclareOutputs(node)).ToArray();
        foreach (var info in _proto.Input.Concat(_proto.Output).Concat(_proto.ValueInfo)) Describe(info);
        foreach (var input in inputs) input.Dims = input.Dims?.Select(d => d > 0 ? d : Shapes.Unknown).ToArray();

        _names.Reserve(_proto.Node.Select(n => n.Name));
        var attributes = new AttributeReader(_tensors, g => new GraphReader(g, _tensors, this).Read(opset, domains));
        for (var i = 0; i < outputs.Length; i++) Add(_proto.Node[i], outputs[i], attributes);
        return new Graph
        {
            Name = _proto.Name.Length > 0 ? _proto.Name : "graph",
            Opset = opset,
            Domains = domains,
            Inputs = inputs,
            Outputs = [.. _proto.Output.Select(o => Find(o.Name) ?? throw OnnxVizException.Input($"The graph's output '{o.Name}' is computed by no node."))],
            Nodes = NodeOrder.Sorted(_nodes),
        };
    }

    private Value Declare(string name, string what)
    {
        var value = new Value(name);
        RequireShort(name);
        return name.Length == 0 ? throw OnnxVizException.Input($"An {what} has no name.")
            : _values.TryAdd(name, value) && !_initializers.ContainsKey(name) ? value
            : throw OnnxVizException.Input($"Two values are named '{name}'.");
    }

    /// <summary>Names are written into tables, files and messages, and with prefixes into other names.</summary>
    private static void RequireShort(string name)
    {
        if (name.Length > LongestName) throw OnnxVizException.Input($"'{name[..40]}...' is a name of {name.Length} characters; {LongestName} are the most that are read.");
    }

    private Value[] DeclareOutputs(NodeProto node)
    {
        if (node.OpType.Length == 0) throw OnnxVizException.Input($"Node '{node.Name}' names no operator.");
        // Left-out outputs at the end are no outputs: BatchNormalization of old opsets trains when it has more than one. Those that
        // the operator always has are there without a name.
        var most = node.Output.Count;
        var fewest = Math.Min(most, node.Domain.Length == 0 ? OperatorForms.Of(node.OpType)?.FewestOutputs ?? 0 : 0);
        while (most > fewest && node.Output[most - 1].Length == 0) most--;
        return [.. node.Output.Take(most).Select(name => name.Length > 0 ? Declare(name, "output") : new Value(""))];
    }

    private void Describe(ValueInfoProto info)
    {
        if (!_values.TryGetValue(info.Name, out var value) || info.Type?.TensorType is not { } type) return;
        value.Type = (ElementType)type.ElemType;
        if (type.Shape is { Dim.Count: > Shapes.MostAxes }) throw OnnxVizException.Input($"'{info.Name}' is declared with {type.Shape.Dim.Count} dimensions.");
        value.Dims = type.Shape?.Dim.Select(d => d.HasDimValue && d.DimValue >= 0 ? Math.Min(d.DimValue, Shapes.Largest) : Shapes.Unknown).ToArray();
        if (info.Type.Denotation.Length > 0) value.Denotation = info.Type.Denotation;
        if (type.Shape?.Dim.Any(d => d.Denotation.Length > 0) == true) value.AxisDenotations = [.. type.Shape.Dim.Select(d => d.Denotation)];
    }

    private void Add(NodeProto proto, Value[] outputs, AttributeReader reader)
    {
        RequireShort(proto.Name);
        var name = proto.Name.Length > 0 ? proto.Name : _names.TakeNumbered(proto.OpType);
        var domain = OnnxFile.Domain(proto.Domain);
        Dictionary<string, object> attributes;
        Value?[] inputs;
        try
        {
            attributes = reader.Read(proto.Attribute);
            inputs = Inputs(proto.Input);
        }
        catch (OnnxVizException e)
        {
            throw OnnxVizException.Input($"{proto.OpType} node '{name}': {e.Message}", e);
        }

        for (var i = 0; i < outputs.Length; i++)
            if (outputs[i].Name.Length == 0) outputs[i].Name = UniqueValue($"{name}/unused{i}");
        if (domain.Length == 0 && proto.OpType == "Constant" && outputs.Length == 1 && ConstantNode.Tensor(attributes) is { } tensor)
        {
            (outputs[0].Constant, outputs[0].Type, outputs[0].Dims) = (tensor, tensor.Type, tensor.Dims);
            return;
        }

        _nodes.Add(new Node(proto.OpType, name, inputs, outputs, attributes, domain));
    }

    private Value?[] Inputs(RepeatedField<string> names) => Array.ConvertAll(
        Node.WithoutLeftOut(names, name => name.Length == 0),
        name => name.Length == 0 ? null : Find(name) ?? throw OnnxVizException.Input($"its input '{name}' is neither computed nor given."));

    private Value? Find(string name) =>
        _values.TryGetValue(name, out var value) ? value
        : _initializers.TryGetValue(name, out var tensor) ? _values[name] = Initializer(tensor)
        : _sparse.Contains(name) ? _values[name] = Unreadable(name, "is a sparse tensor")
        : _outer?.Find(name);

    private Value Initializer(TensorProto proto)
    {
        if (proto.DataType != 0 && !TensorReader.Reads(proto)) return Unreadable(
            proto.Name, $"holds elements of type {(ElementType)proto.DataType}", [.. proto.StringData.Select(t => t.ToStringUtf8())]);
        try
        {
            var tensor = _tensors.Read(proto);
            return new Value(proto.Name) { Constant = tensor, Type = tensor.Type, Dims = tensor.Dims };
        }
        catch (OnnxVizException e)
        {
            throw OnnxVizException.Input($"Initializer '{proto.Name}': {e.Message}", e);
        }
    }

    /// <summary>An initializer that is an error only if somebody needs it.</summary>
    private Value Unreadable(string name, string reason, string[]? texts = null)
    {
        var value = new Value(name);
        var attributes = new Dictionary<string, object> { ["value"] = new UnreadableAttribute($"'{name}' {reason}, which is not read") };
        // A table of texts may name the classes.
        if (texts is { Length: > 0 }) attributes["value_strings"] = texts;
        _nodes.Add(new Node("Constant", _names.TakeNumbered("Constant"), [], [value], attributes));
        return value;
    }

    private string UniqueValue(string name)
    {
        while (Find(name) is not null) name += "_";
        _values.Add(name, new Value(name));
        return name;
    }
}

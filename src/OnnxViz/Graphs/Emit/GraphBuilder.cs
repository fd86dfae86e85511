using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Inference;

namespace OnnxViz.Graphs.Emit;

/// <summary>Whatever standard operators can be emitted into: a builder, or a view of one.</summary>
internal interface IEmitter
{
    GraphBuilder Builder { get; }
}

/// <summary>
/// Grows a graph node by node. Every node gets its shapes at once and is folded into a constant when all it needs is
/// known, so that whoever builds on can rely on both. One constant is one initializer, however often it is asked for.
/// </summary>
public sealed class GraphBuilder : IEmitter
{
    private readonly FreeNames _names = new();
    private readonly FreeNames _nodeNames = new();
    private readonly Dictionary<string, Value> _constants = [];
    private readonly Dictionary<(Value Weight, string Order), Value> _turned = [];
    private readonly FoldBudget _budget = new();
    private string _prefix = "";

    /// <param name="name">Name of the graph.</param>
    /// <param name="opset">Version of the standard operators.</param>
    /// <param name="domains">Versions of the operators of other domains; 1 where it says nothing.</param>
    public GraphBuilder(string name = "graph", int opset = Graph.EmittedOpset, IReadOnlyDictionary<string, int>? domains = null) =>
        Graph = new Graph { Name = name, Opset = opset, Domains = domains ?? new Dictionary<string, int>() };

    /// <summary>What has been emitted so far.</summary>
    public Graph Graph { get; }

    /// <summary>
    /// Bytes from which on a result stays a node, though it could be folded: set while a graph grows that is going to be
    /// a file, so that a weight is not there once as it is and once turned round.
    /// </summary>
    public long LargestFold { get; set; } = long.MaxValue;

    GraphBuilder IEmitter.Builder => this;

    /// <summary>Declares a graph input; a dimension may be -1, which stands for any size.</summary>
    public Value Input(string name, ElementType type, params long[] dims)
    {
        var value = new Value(Claim(name)) { Type = type, Dims = dims };
        Graph.Inputs.Add(value);
        return value;
    }

    /// <summary>Declares a graph input of the type and shape of a value; dimensions that are open are the same ones.</summary>
    public Value InputLike(string name, Value value)
    {
        var input = Input(name, value.Type, [.. value.Dims!]);
        var open = input.KnownOpenDimensions();
        for (var i = 0; i < open.Length; i++)
            if (value.Dims![i] < 0) open[i] = new(DimensionNames.Of(value, i));
        return input;
    }

    /// <summary>Makes a value an output of the graph under the given name.</summary>
    public Value Output(string name, Value value)
    {
        // A node of its own keeps the name of the value, and lets inputs, constants and repeated values be outputs.
        var output = Node("Identity", [value], name: $"{name}/output", fold: false)[0];
        output.Name = Claim(name);
        Graph.Outputs.Add(output);
        return output;
    }

    /// <summary>
    /// The same without a node of its own, where the value can be renamed: for graphs that others run and read.
    /// </summary>
    public Value Expose(string name, Value value)
    {
        if (value.Producer is null || Graph.Outputs.Contains(value)) return Output(name, value);
        if (value.Name != name) value.Name = Claim(name);
        Graph.Outputs.Add(value);
        return value;
    }

    /// <summary>The graph without the nodes that its outputs do not need; all inputs stay.</summary>
    public Graph Build()
    {
        var cut = Graph.Cut(Graph.Outputs);
        return new Graph { Name = Graph.Name, Opset = Graph.Opset, Domains = Graph.Domains, Inputs = Graph.Inputs, Outputs = cut.Outputs, Nodes = cut.Nodes };
    }

    /// <summary>A value whose contents are known; small equal ones are the same value.</summary>
    public Value Constant(Tensor tensor, string? name = null)
    {
        // Only small tensors are compared: scalars, shapes, pads.
        var key = name is null && tensor.ByteLength <= 64
            ? $"{tensor}:{Convert.ToHexString(tensor.Bytes)}"
            : null;
        if (key is not null && _constants.TryGetValue(key, out var known)) return known;
        var value = new Value(Unique(name ?? $"{_prefix}const")) { Type = tensor.Type, Dims = tensor.Dims, Constant = tensor };
        if (key is not null) _constants.Add(key, value);
        return value;
    }

    /// <summary>A float32 scalar.</summary>
    public Value Constant(float scalar) => Constant(Tensor.Scalar(scalar));

    /// <summary>A 1-D int64 tensor.</summary>
    public Value Longs(params long[] values) => Constant(Tensor.Longs(values));

    /// <summary>Appends a node and gives its first output.</summary>
    public Value Emit(string opType, Value?[] inputs, params (string Name, object Value)[] attributes) =>
        Node(opType, inputs, attributes.ToDictionary(a => a.Name, a => a.Value))[0];

    /// <summary>Appends a node; all its outputs are delivered.</summary>
    public Value[] Node(
        string opType,
        Value?[] inputs,
        IReadOnlyDictionary<string, object>? attributes = null,
        int outputs = 1,
        string? name = null,
        string domain = "",
        bool fold = true)
    {
        // A weight that every step of a loop turns round is turned once.
        var turned = fold && opType == "Transpose" && inputs is [{ Constant: not null } weight] ? (weight, Order(attributes)) : default;
        if (turned.weight is not null && _turned.TryGetValue(turned, out var before)) return [before];
        name = _nodeNames.Take(name ?? _prefix + opType);
        var results = new Value[outputs];
        for (var i = 0; i < outputs; i++) results[i] = new Value(Unique(outputs == 1 ? name + "_out" : $"{name}_out{i}"));
        var node = new Node(opType, name, inputs, results, attributes, domain);
        ShapeInference.Infer(node);
        if (fold && Array.TrueForAll(results, IsSmall) && TryFold(node) is { } tensors)
            results = [.. results.Zip(tensors, (value, tensor) => Folded(node, value, tensor))];
        else
            Graph.Nodes.Add(node);
        if (turned.weight is not null) _turned[turned] = results[0];
        return results;
    }

    /// <summary>Names of what is emitted until the scope is disposed start with the prefix and a slash.</summary>
    /// <param name="prefix">Comes behind that of the scope around it.</param>
    /// <param name="fromRoot">Instead of it.</param>
    public IDisposable Scope(string prefix, bool fromRoot = false)
    {
        var before = _prefix;
        _prefix = $"{(fromRoot ? "" : before)}{prefix}/";
        return new Restore(() => _prefix = before);
    }

    /// <summary>A name that no value of the graph has, close to the one asked for.</summary>
    public string Unique(string name) => _names.Take(name);

    /// <summary>
    /// The name itself for what is fed and fetched by name: a value inside the graph that has it, because a model that
    /// was inlined calls one of its tensors so, is renamed. Only another input or output keeps it.
    /// </summary>
    private string Claim(string name)
    {
        if (_names.TryTake(name)) return name;
        var holder = Graph.Values().FirstOrDefault(v => v.Name == name);
        if (holder is not null)
        {
            if (Graph.Inputs.Contains(holder) || Graph.Outputs.Contains(holder)) return Unique(name);
            holder.Name = Unique(name);
        }

        return name;
    }

    private static string Order(IReadOnlyDictionary<string, object>? attributes) =>
        attributes?.GetValueOrDefault("perm") is long[] order ? string.Join(',', order) : "";

    private Value Folded(Node node, Value value, Tensor tensor)
    {
        // A weight that only passed through is still that weight.
        if (Array.Find(node.Inputs, input => input?.Constant == tensor) is { } same) return same;
        // Scalars and shapes that were computed are the same constants as those that were written down.
        if (tensor.ByteLength <= 64) return Constant(tensor);
        (value.Constant, value.Type, value.Dims, value.Producer) = (tensor, tensor.Type, tensor.Dims, null);
        return value;
    }

    private Tensor[]? TryFold(Node node) =>
        node.Inputs.Any(i => i is { Constant: null }) ? ShapeArithmetic.TryFold(node)
        : _budget.Take(node) ? ConstantFolding.TryFold(node) ?? ShapeArithmetic.TryFold(node)
        : null;

    private bool IsSmall(Value result) =>
        LargestFold == long.MaxValue || !result.HasStaticShape || Shapes.Count(result.Dims) * result.Type.Size() < LargestFold;

    private sealed class Restore(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

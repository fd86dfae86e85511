using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Models;

/// <summary>
/// Copies a model into a builder as <see cref="Inlining"/> does, but does not end at what it cannot copy: a node that
/// fails is replaced by one of a domain of its own with the same inputs and outputs, and what comes behind goes on.
/// </summary>
internal sealed class TolerantCopy
{
    /// <summary>The domain of what stands for nodes that cannot be copied.</summary>
    public const string Opaque = "onnxviz.opaque";

    private readonly Dictionary<Value, Value> _map = [];
    private readonly Dictionary<Node, Node> _origins = [];
    private readonly Dictionary<Node, string> _failures = [];
    private readonly List<string> _otherInputs = [];
    private readonly HashSet<Value> _partial = [];

    public TolerantCopy(GraphBuilder builder, VisionModel model, long[] inputDims, IReadOnlyList<Value> wanted)
    {
        Builder = builder;
        Input = Builder.Input("image", ElementType.Float, inputDims);
        _map[model.Input] = ShapedModel.Fed(builder, model, Input);
        foreach (var node in model.Graph.NodesFor(wanted)) Copy(model.Graph, node);
        foreach (var value in wanted) Counterpart(value);
    }

    public GraphBuilder Builder { get; }

    /// <summary>What stands for the picture.</summary>
    public Value Input { get; }

    /// <summary>Inputs of the model that are needed beside the picture.</summary>
    public IReadOnlyList<string> OtherInputs => _otherInputs;

    /// <summary>Nodes of the model whose results are constants now.</summary>
    public int Folded { get; private set; }

    public Value this[Value original] => _map[original];

    /// <summary>The node of the model that this one was made for.</summary>
    public Node? Origin(Node copied) => _origins.GetValueOrDefault(copied);

    /// <summary>Why an opaque node is one.</summary>
    public string? Failure(Node copied) => _failures.GetValueOrDefault(copied);

    /// <summary>Whether a value of the model needs nothing but the picture and nodes that could be copied.</summary>
    public bool IsWhole(Value original) => !_partial.Contains(original);

    private void Copy(Graph graph, Node node)
    {
        var needs = node.Needs().Distinct().Where(v => v.Constant is null).ToDictionary(v => v, Counterpart);
        var first = Builder.Graph.Nodes.Count;
        try
        {
            var single = new Graph { Opset = graph.Opset, Domains = graph.Domains, Nodes = [node] };
            var copied = Builder.Inline(single, needs, node.Outputs.Where((y, i) => i == 0 || y.Name.Length > 0));
            foreach (var y in node.Outputs)
                if (copied.TryGetValue(y, out var there)) _map[y] = there;
            if (Builder.Graph.Nodes.Count == first) Folded++;
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            // A node that only suffers from what is not known behind an opaque one is judged by its name.
            var suffers = needs.Values.Any(v => !v.HasStaticShape) && !node.Subgraphs.Any();
            Builder.Graph.Nodes.RemoveRange(first, Builder.Graph.Nodes.Count - first);
            var results = Builder.Node(
                node.OpType, [.. needs.Values], outputs: node.Outputs.Length, name: node.Name, domain: Opaque, fold: false);
            foreach (var (y, result) in node.Outputs.Zip(results)) (result.Type, result.Dims, _map[y]) = (y.Type, y.Dims, result);
            _partial.UnionWith(node.Outputs);
            _failures[Builder.Graph.Nodes[^1]] = suffers ? "" : e.Message;
        }

        if (node.Needs().Any(_partial.Contains)) _partial.UnionWith(node.Outputs);
        for (var i = first; i < Builder.Graph.Nodes.Count; i++) _origins[Builder.Graph.Nodes[i]] = node;
    }

    private Value Counterpart(Value value)
    {
        if (_map.TryGetValue(value, out var known)) return known;
        if (value.Constant is not null) return _map[value] = Builder.Constant(value.Constant, value.Name);
        _otherInputs.Add(value.Name);
        _partial.Add(value);
        return _map[value] = Builder.Input(value.Name, value.Type, value.Dims ?? []);
    }
}

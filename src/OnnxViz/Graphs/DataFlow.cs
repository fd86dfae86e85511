namespace OnnxViz.Graphs;

/// <summary>
/// The part of a graph that carries the picture: what depends on an image input and leads to an output. Weights,
/// constants and the arithmetic of shapes and indexes are not in it.
/// </summary>
internal sealed class DataFlow
{
    // What they deliver tells of sizes and positions, not of content.
    private static readonly HashSet<string> Measuring =
        ["Shape", "Size", "ArgMax", "ArgMin", "NonZero", "ConstantOfShape", "EyeLike", "RandomNormalLike", "RandomUniformLike"];

    // Of content, all the same: what they look at leads to an output as well.
    private static readonly HashSet<string> Choosing = ["ArgMax", "ArgMin", "NonZero"];

    private readonly Dictionary<Value, List<Node>> _consumers = [];
    private readonly HashSet<Value> _values = [];

    private DataFlow(Graph graph)
    {
        Inputs = ImageInputs(graph);
        var reached = Inputs.ToHashSet();
        foreach (var node in graph.Nodes)
            if (!Measuring.Contains(node.OpType) && node.Needs().Any(reached.Contains))
                reached.UnionWith(node.Outputs);

        _values.UnionWith(graph.Outputs.Where(reached.Contains));
        foreach (var node in graph.NodesFor(graph.Outputs).Where(n => Choosing.Contains(n.OpType)))
            _values.UnionWith(node.Needs().Where(reached.Contains));
        var nodes = new List<Node>();
        foreach (var node in Enumerable.Reverse(graph.Nodes))
        {
            if (!node.Outputs.Any(_values.Contains)) continue;
            nodes.Add(node);
            _values.UnionWith(node.Needs().Where(reached.Contains));
        }

        nodes.Reverse();
        Nodes = nodes;
        foreach (var node in Nodes)
            foreach (var input in InputsOf(node).Distinct())
                (_consumers.TryGetValue(input, out var list) ? list : _consumers[input] = []).Add(node);
    }

    /// <summary>The inputs of the graph that can be pictures: of rank 4 or of unknown rank; all of them if there is none.</summary>
    public IReadOnlyList<Value> Inputs { get; }

    /// <summary>In graph order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    public static DataFlow Of(Graph graph) => new(graph);

    /// <summary>The results of a node that somebody needs and that depend on the picture.</summary>
    public IEnumerable<Value> OutputsOf(Node node) => node.Outputs.Where(_values.Contains);

    /// <summary>The operands of a node that depend on the picture.</summary>
    public IEnumerable<Value> InputsOf(Node node) => node.Needs().Where(_values.Contains);

    /// <summary>The nodes of the flow that need the value, in graph order.</summary>
    public IReadOnlyList<Node> Consumers(Value value) => _consumers.TryGetValue(value, out var list) ? list : [];

    /// <summary>The nodes of the flow that need something of the node.</summary>
    public IEnumerable<Node> Consumers(Node node) => OutputsOf(node).SelectMany(Consumers).Distinct();

    private static List<Value> ImageInputs(Graph graph)
    {
        var images = graph.Inputs.FindAll(i => i.Dims is null or { Length: 4 });
        return images.Count > 0 ? images : graph.Inputs;
    }
}

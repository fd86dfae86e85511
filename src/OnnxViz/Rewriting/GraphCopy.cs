namespace OnnxViz.Rewriting;

/// <summary>
/// A finished graph, copied node by node, some of them in another form. The graph itself stays as it is; inputs,
/// outputs and all values that are kept have their names in the copy.
/// </summary>
internal sealed class GraphCopy : IEmitter
{
    private readonly Dictionary<Value, Value> _map = [];
    private readonly Dictionary<Value, int> _readers;

    private GraphCopy(Graph graph)
    {
        Builder = new GraphBuilder(graph.Name, graph.Opset);
        foreach (var value in graph.Values()) Builder.Unique(value.Name);
        _readers = graph.Nodes.SelectMany(n => n.Inputs.OfType<Value>()).Concat(graph.Outputs).CountBy(v => v).ToDictionary();
    }

    /// <summary>Receives the nodes of other forms.</summary>
    public GraphBuilder Builder { get; }

    /// <summary>What stands for a value of the graph that is copied.</summary>
    public Value this[Value original] => original.Constant is not null ? original : _map[original];

    /// <summary>How many inputs of nodes, and outputs of the graph, a value of the graph that is copied is.</summary>
    public int Readers(Value original) => _readers.GetValueOrDefault(original);

    /// <summary>The graph with every node in the form that the first rewrite gives it which knows one.</summary>
    public static Graph Of(Graph graph, IReadOnlyList<IRewrite> rewrites)
    {
        // What a branch or the body of a loop takes from around it is found by name.
        if (graph.Nodes.Exists(n => n.Subgraphs.Any())) return graph;
        var copy = new GraphCopy(graph);
        foreach (var input in graph.Inputs) copy._map[input] = input;
        var isChanged = false;
        foreach (var node in graph.Nodes) isChanged |= copy.Add(node, rewrites);
        if (!isChanged) return graph;
        var whole = new Graph
        {
            Name = graph.Name,
            Opset = graph.Opset,
            Domains = graph.Domains,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs.ConvertAll(o => copy[o]),
            Nodes = copy.Builder.Graph.Nodes,
        };
        // What only nodes read that have another form is not needed any more. Inputs stay: they are going to be fed.
        return whole.Cut(whole.Outputs) is var cut && cut.Inputs.Count == graph.Inputs.Count ? cut : whole;
    }

    private bool Add(Node node, IReadOnlyList<IRewrite> rewrites)
    {
        if (node.Outputs.Length == 1)
        {
            using var scope = Builder.Scope(node.Name, fromRoot: true);
            foreach (var rewrite in rewrites)
            {
                if (rewrite.Of(node, this) is not { } other) continue;
                _map[node.Outputs[0]] = Named(other, node.Outputs[0]);
                return true;
            }
        }

        Value[] outputs = Array.ConvertAll(node.Outputs, o => new Value(o.Name) { Type = o.Type, Dims = o.Dims });
        foreach (var (output, original) in outputs.Zip(node.Outputs)) _map[original] = output;
        Builder.Graph.Nodes.Add(new Node(node.OpType, node.Name, Array.ConvertAll(node.Inputs, i => i is null ? null : this[i]), outputs, node.Attributes, node.Domain));
        return false;
    }

    /// <summary>
    /// The last node of the other form delivers what the graph's node delivered, under its name. What stands for another value
    /// as well, or is no node's, gets a node of its own.
    /// </summary>
    private Value Named(Value other, Value original)
    {
        if (other.Producer is null || _map.ContainsValue(other)) other = Builder.Node("Identity", [other], fold: false)[0];
        other.Name = original.Name;
        return other;
    }
}

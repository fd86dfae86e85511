namespace OnnxViz.Graphs;

/// <summary>
/// A graph in ONNX's terms: nodes in an order in which every input is computed before it is used.
/// Initializers are values with a <see cref="Value.Constant"/>; they are found through the nodes that use them.
/// </summary>
public sealed class Graph
{
    /// <summary>Has kernels for every emitted operator on CPU and on CUDA; 22 and later lose MaxPool on CUDA.</summary>
    public const int EmittedOpset = 18;

    /// <summary>What the file calls it.</summary>
    public string Name { get; init; } = "graph";

    /// <summary>Version of the standard operators; other domains' versions are in <see cref="Domains"/>.</summary>
    public int Opset { get; init; } = EmittedOpset;

    /// <summary>Versions of the operators of other domains than the standard's.</summary>
    public IReadOnlyDictionary<string, int> Domains { get; init; } = new Dictionary<string, int>();

    /// <summary>What has to be fed: initializers that a file lists among its inputs are not here.</summary>
    public List<Value> Inputs { get; init; } = [];

    /// <summary>What it delivers.</summary>
    public List<Value> Outputs { get; init; } = [];

    /// <summary>In an order in which every input is computed before it is used.</summary>
    public List<Node> Nodes { get; init; } = [];

    /// <summary>Every value: inputs first, then in order of appearance.</summary>
    public IEnumerable<Value> Values()
    {
        var seen = new HashSet<Value>();
        foreach (var value in Inputs)
            if (seen.Add(value)) yield return value;
        foreach (var node in Nodes)
        {
            foreach (var value in node.Inputs)
                if (value is not null && seen.Add(value)) yield return value;
            foreach (var value in node.Outputs)
                if (seen.Add(value)) yield return value;
        }
    }

    /// <summary>Values of graphs around this one that it uses; constants are not among them.</summary>
    public IEnumerable<Value> Captured()
    {
        var own = Inputs.Concat(Nodes.SelectMany(n => n.Outputs)).ToHashSet();
        return Nodes.SelectMany(n => n.Needs()).Concat(Outputs).Where(v => v.Constant is null && !own.Contains(v)).Distinct();
    }

    /// <summary>The nodes that the given values need, in graph order.</summary>
    /// <summary>In an order in which every input is computed before it is used.</summary>
    public List<Node> NodesFor(IEnumerable<Value> wanted)
    {
        // Nodes of a graph around this one, or before a part of one, are nobody's here: they would be walked for every part.
        var own = Nodes.ToHashSet();
        var needed = new HashSet<Node>();
        var open = new Stack<Value>(wanted);
        while (open.TryPop(out var value))
        {
            if (value.Constant is not null || value.Producer is not { } node || !own.Contains(node) || !needed.Add(node)) continue;
            foreach (var input in node.Needs()) open.Push(input);
        }

        return Nodes.FindAll(needed.Contains);
    }

    /// <summary>The same values and nodes, without what the given outputs do not need. Inputs are kept if used.</summary>
    public Graph Cut(IEnumerable<Value> outputs)
    {
        var wanted = outputs.ToList();
        var nodes = NodesFor(wanted);
        var used = nodes.SelectMany(n => n.Needs()).Concat(wanted).ToHashSet();
        return new Graph
        {
            Name = Name,
            Opset = Opset,
            Domains = Domains,
            Inputs = Inputs.FindAll(used.Contains),
            Outputs = wanted,
            Nodes = nodes,
        };
    }
}

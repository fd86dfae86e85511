namespace OnnxViz.Graphs;

/// <summary>One operator of the graph. An input is null where an optional one is left out.</summary>
public sealed class Node
{
    private readonly bool _hasSubgraphs;

    internal Node(string opType, string name, Value?[] inputs, Value[] outputs, IReadOnlyDictionary<string, object>? attributes = null, string domain = "")
    {
        (OpType, Name, Inputs, Outputs, Domain) = (opType, name, inputs, outputs, domain);
        Attributes = attributes ?? new Dictionary<string, object>();
        foreach (var attribute in Attributes.Values) _hasSubgraphs |= attribute is Graph;
        foreach (var output in outputs) output.Producer = this;
    }

    /// <summary>The operator, such as Conv.</summary>
    public string OpType { get; }

    /// <summary>What the file calls it; may be empty.</summary>
    public string Name { get; }

    /// <summary>Empty for the operators of the ONNX standard.</summary>
    public string Domain { get; }

    /// <summary>In the operator's order; not to be written into.</summary>
    public Value?[] Inputs { get; }

    /// <summary>In the operator's order; not to be written into.</summary>
    public Value[] Outputs { get; }

    /// <summary>By name: long, float, string, Tensor, Graph, or an array of the first three.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; }

    /// <summary>The subgraphs among the attributes: the branches of If, the bodies of Loop and Scan.</summary>
    public IEnumerable<Graph> Subgraphs => _hasSubgraphs ? Attributes.Values.OfType<Graph>() : [];

    /// <summary>What has to be there before the node runs: its inputs, and what its subgraphs take from around them.</summary>
    public IEnumerable<Value> Needs() => _hasSubgraphs ? Inputs.OfType<Value>().Concat(Subgraphs.SelectMany(g => g.Captured()))
        : Array.IndexOf(Inputs, null) < 0 ? Inputs!
        : Inputs.OfType<Value>();

    /// <summary>What is known of the operator.</summary>
    internal OperatorTraits Traits => OperatorTraits.Of(this);

    /// <summary>Whether all of the natures given are the operator's.</summary>
    internal bool Is(OperatorNature nature) => Traits.Is(nature);

    /// <summary>An input; null where it is left out.</summary>
    public Value? Input(int i) => i < Inputs.Length ? Inputs[i] : null;

    /// <summary>An input that the operator cannot do without.</summary>
    public Value Required(int i) => Input(i) ?? throw OnnxVizException.Input($"{this} has no input {i}.");

    /// <exception cref="OnnxVizException">The file gave the node an attribute that is not supported.</exception>
    public void RequireReadable()
    {
        foreach (var attribute in Attributes.Values)
            if (attribute is UnreadableAttribute unreadable) throw OnnxVizException.Input($"{this}: its attribute {unreadable.Reason}.");
        foreach (var graph in Subgraphs)
            foreach (var node in graph.Nodes) node.RequireReadable();
    }

    /// <summary>The attributes but for those named.</summary>
    internal Dictionary<string, object> AttributesWithout(params string[] names) =>
        Attributes.Where(a => !names.Contains(a.Key)).ToDictionary(a => a.Key, a => a.Value);

    /// <summary>Inputs or outputs without those at the end that are left out: the same list to ONNX.</summary>
    internal static T[] WithoutLeftOut<T>(IEnumerable<T> items, Func<T, bool> isLeftOut) =>
        [.. items.Reverse().SkipWhile(isLeftOut).Reverse()];

    public bool Has(string attribute) => Attributes.ContainsKey(attribute);

    public long Int(string attribute, long otherwise) => Attribute(attribute, otherwise);

    public float Float(string attribute, float otherwise) => Attribute(attribute, otherwise);

    public string Text(string attribute, string otherwise) => Attribute(attribute, otherwise);

    public long[]? Ints(string attribute) => Attribute<long[]?>(attribute, null);

    public Tensor? Tensor(string attribute) => Attribute<Tensor?>(attribute, null);

    public override string ToString() => $"{(Domain.Length > 0 ? Domain + "." : "")}{OpType} node '{Name}'";

    private T Attribute<T>(string name, T otherwise) =>
        !Attributes.TryGetValue(name, out var value) ? otherwise
        : value is T typed ? typed
        : value is UnreadableAttribute unreadable ? throw OnnxVizException.Input($"{this}: its attribute {unreadable.Reason}.")
        : throw OnnxVizException.Input($"Attribute '{name}' of {this} is of the wrong kind.");
}

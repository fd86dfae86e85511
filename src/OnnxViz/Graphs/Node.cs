namespace OnnxViz.Graphs;

/// <summary>One operator of the graph. An input is null where an optional one is left out.</summary>
public sealed class Node
{
    public Node(string opType, string name, Value?[] inputs, Value[] outputs, IReadOnlyDictionary<string, object>? attributes = null, string domain = "")
    {
        (OpType, Name, Inputs, Outputs, Domain) = (opType, name, inputs, outputs, domain);
        Attributes = attributes ?? new Dictionary<string, object>();
        foreach (var output in outputs) output.Producer = this;
    }

    public string OpType { get; }

    public string Name { get; }

    /// <summary>Empty for the operators of the ONNX standard.</summary>
    public string Domain { get; }

    public Value?[] Inputs { get; }

    public Value[] Outputs { get; }

    /// <summary>By name: long, float, string, Tensor, Graph, or an array of the first three.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; }

    public Value? Input(int i) => i < Inputs.Length ? Inputs[i] : null;

    /// <summary>An input that the operator cannot do without.</summary>
    public Value Required(int i) => Input(i) ?? throw OnnxVizException.Input($"{this} has no input {i}.");

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
        : throw OnnxVizException.Input($"Attribute '{name}' of {this} is of the wrong kind.");
}

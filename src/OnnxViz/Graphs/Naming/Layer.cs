namespace OnnxViz.Graphs.Naming;

/// <summary>A result inside a network that can be looked at, with all that it is called.</summary>
/// <param name="Value">The tensor.</param>
/// <param name="Node">What computes it.</param>
/// <param name="Alias">Caffe's name, where the network is a plain chain and the file has no such name itself: "conv3_3".</param>
/// <param name="Modules">
/// The modules of the exported program that deliver this tensor, the innermost first: "layer1.0.relu_1", "layer1.0".
/// </param>
public sealed record Layer(Value Value, Node Node, string? Alias, IReadOnlyList<string> Modules)
{
    public string? ModulePath => Modules.Count > 0 ? Modules[0] : null;

    /// <summary>What the file calls the node.</summary>
    public string NodeName { get; init; } = Node.Name;

    /// <summary>The name to show: the alias, or else the module, the node, the tensor.</summary>
    public string Name => Alias ?? ModulePath ?? (NodeName.Length > 0 && Node.Outputs.Length == 1 ? NodeName : Value.Name);

    /// <summary>Everything it can be asked for by.</summary>
    public IEnumerable<string> Names()
    {
        if (Alias is not null) yield return Alias;
        foreach (var module in Modules) yield return module;
        if (NodeName.Length > 0) yield return NodeName;
        yield return Value.Name;
    }
}

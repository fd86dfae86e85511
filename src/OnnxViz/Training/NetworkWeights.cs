using OnnxViz.Graphs.Naming;

namespace OnnxViz.Training;

/// <summary>A constant of a network that a gradient may change.</summary>
/// <param name="Node">The layer that uses it first.</param>
/// <param name="Input">As which of its inputs.</param>
/// <param name="Value">The constant itself, which may be turned or reshaped on its way to the node.</param>
internal sealed record NetworkWeight(Node Node, int Input, Value Value)
{
    /// <summary>What the file calls it.</summary>
    public string Name => Value.Name;
}

/// <summary>Tells the weights of a network from its other constants.</summary>
internal static class NetworkWeights
{
    /// <summary>
    /// Weights and biases of layers, by the operators' table, and what is added or multiplied per channel behind the first of
    /// them: before that it is how pictures are prepared. Numbers of one element, such as bounds, are no weights.
    /// </summary>
    /// <param name="nodes">In the order of the graph.</param>
    public static IReadOnlyList<NetworkWeight> Of(IReadOnlyList<Node> nodes)
    {
        var found = new List<NetworkWeight>();
        var behind = new HashSet<Value>();
        var known = new HashSet<Value>();
        foreach (var node in nodes)
        {
            var isBehind = node.Inputs.Any(i => i is not null && behind.Contains(i));
            IEnumerable<int> inputs = node.Traits switch
            {
                { Weights.Length: > 0 } traits => traits.Bias is { } bias ? [.. traits.Weights, bias] : traits.Weights,
                _ when isBehind && node.OpType is "Add" or "Mul" => [0, 1],
                _ => [],
            };
            foreach (var input in inputs)
            {
                if (node.Input(input) is not { } value) continue;
                var source = ParameterNames.Source(value);
                // One that is stored in half precision is made single on its way.
                var isFloat = source.Constant?.Type is { } type && (type == ElementType.Float || (type.IsFloating() && source != value));
                if (isFloat && source.Constant!.Count > 1 && known.Add(source)) found.Add(new NetworkWeight(node, input, source));
            }

            if (isBehind || node.Traits.Weights.Length > 0) behind.UnionWith(node.Outputs);
        }

        return found;
    }
}

using OnnxViz.Graphs.Naming;

namespace OnnxViz.Features;

/// <summary>What one node of a model costs: the parameters it owns (<see cref="MultiplyAdds"/> has its work).</summary>
internal static class LayerCost
{
    /// <summary>
    /// The inputs of a node that PyTorch would count among parameters(): weights, biases, scales and shifts, but no
    /// running statistics, bounds or amounts. They are named by the initializer that holds them, so that a shared one can
    /// be counted once; the second number is its elements.
    /// </summary>
    /// <param name="node">The node as the model has it.</param>
    /// <param name="specialised">Gives a value of the model with its shape.</param>
    /// <param name="isConstant">Whether a value is the same for all pictures.</param>
    /// <param name="isLearned">Whether anything before the node has parameters: a factor in front of all weights is preprocessing.</param>
    public static IEnumerable<(Value Initializer, long Count)> Parameters(
        Node node, Func<Value, Value> specialised, Func<Value, bool> isConstant, bool isLearned)
    {
        foreach (var input in Candidates(node, isLearned))
        {
            if (input is null || !isConstant(input)) continue;
            var value = specialised(input);
            // A scalar beside a picture is part of a formula.
            if (value.Type.IsFloating() && Count(value.Dims) is { } count && (count > 1 || !IsElementwise(node)))
                yield return (ParameterNames.Source(input), count);
        }
    }

    private static IEnumerable<Value?> Candidates(Node node, bool isLearned)
    {
        if (IsElementwise(node)) return isLearned ? [node.Input(0), node.Input(1)] : [];
        var (weights, bias) = (node.Traits.Weights, node.Traits.Bias);
        return (bias is { } added ? [.. weights, added] : weights).Select(node.Input);
    }

    private static bool IsElementwise(Node node) => node is { OpType: "Add" or "Sub" or "Mul" or "Div", Domain: "" };

    private static long? Count(long[]? dims) => Shapes.IsStatic(dims) ? Shapes.Count(dims) : null;
}

using OnnxViz.Graphs.Folding;

namespace OnnxViz.Autodiff;

/// <summary>
/// A few nodes that compute each element of a value from the same element of another one: an activation as exporters
/// write it that have no operator for it.
/// </summary>
internal static class ElementwiseRegion
{
    /// <summary>Nodes to look back at; the longest known form, Gelu by tanh, has 9.</summary>
    private const int MostNodes = 16;

    /// <summary>More numbers than there are channels are weights, which belong to no activation.</summary>
    private const int LargestConstant = 1 << 16;

    /// <summary>The values that y may be a function of, the nearest first.</summary>
    public static IEnumerable<Value> Sources(Value y)
    {
        var seen = new HashSet<Value> { y };
        var open = new Queue<Value>([y]);
        for (var nodes = 0; nodes < MostNodes && open.TryDequeue(out var value);)
        {
            if (!IsElementwise(value)) continue;
            nodes++;
            foreach (var input in value.Producer!.Inputs)
            {
                if (input is not { Constant: null } || !seen.Add(input)) continue;
                yield return input;
                open.Enqueue(input);
            }
        }
    }

    /// <summary>What y is where x has the given values; null when y depends on something else too, or not element by element.</summary>
    /// <param name="x">Where the nodes begin.</param>
    /// <param name="y">Where they end.</param>
    /// <param name="at">The values of x.</param>
    /// <param name="pick">What stands for a constant that differs from channel to channel.</param>
    public static float[]? Sample(Value x, Value y, float[] at, Func<double[], double> pick)
    {
        if (Between(x, y) is not { } nodes) return null;
        // The builder computes what it is given constants for.
        var folding = new GraphBuilder();
        var known = new Dictionary<Value, Value> { [x] = folding.Constant(Tensor.Of(at, at.Length)) };
        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs)
            {
                if (input is null || known.ContainsKey(input)) continue;
                if (input.Constant is not { Count: > 0 and <= LargestConstant } constant) return null;
                known[input] = folding.Constant(Single(constant, pick));
            }

            known[node.Outputs[0]] = folding.Node(node.OpType, Array.ConvertAll(node.Inputs, input => input is null ? null : known[input]), node.Attributes)[0];
            if (known[node.Outputs[0]].Constant is null) return null;
        }

        return known[y].Constant is { Type: ElementType.Float } curve && curve.Count == at.Length ? curve.ToFloats() : null;
    }

    /// <summary>
    /// The nodes that compute y from x and constants, in an order in which they can run; null when they are not all
    /// element by element, or too many.
    /// </summary>
    public static List<Node>? Between(Value x, Value y)
    {
        var nodes = new List<Node>();
        var seen = new HashSet<Value> { x };
        var open = new Stack<Value>([y]);
        while (open.TryPop(out var value))
        {
            if (value.Constant is not null || !seen.Add(value)) continue;
            if (!IsElementwise(value) || nodes.Count == MostNodes * 2) return null;
            nodes.Add(value.Producer!);
            foreach (var input in value.Producer!.Inputs.OfType<Value>()) open.Push(input);
        }

        return NodeOrder.Sorted(nodes);
    }

    /// <summary>Functions whose curve can be computed; a step has one too, but no slope to go back by.</summary>
    private static bool IsElementwise(Value value) => value.Producer is { Domain: "" } node && ConstantFolding.Computes(node.OpType)
        && node.Traits is var traits && traits.Is(OperatorNature.Elementwise)
        && (traits.Is(OperatorNature.Logical) || !traits.Is(OperatorNature.StopsGradients));

    private static Tensor Single(Tensor constant, Func<double[], double> pick) =>
        constant.Count == 1 || !constant.Type.IsFloating()
            ? new Tensor(constant.Type, [], () => constant.Read()[..constant.Type.Size()])
            : Tensor.Scalar((float)pick(constant.ToDoubles()));
}

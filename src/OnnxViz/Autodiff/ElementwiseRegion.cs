using OnnxViz.Graphs;

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
        var folding = new GraphBuilder();
        var known = new Dictionary<Value, Value?> { [x] = folding.Constant(Tensor.Of(at, at.Length)) };
        return Fold(y)?.Constant is { Type: ElementType.Float } curve && curve.Count == at.Length ? curve.ToFloats() : null;

        // The builder computes what it is given constants for.
        Value? Fold(Value value)
        {
            if (known.TryGetValue(value, out var done)) return done;
            if (value.Constant is { } constant) return known[value] = constant.Count is > 0 and <= LargestConstant ? folding.Constant(Single(constant, pick)) : null;
            if (!IsElementwise(value) || known.Count > MostNodes * 4) return null;
            var node = value.Producer!;
            var inputs = new Value?[node.Inputs.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                if (node.Inputs[i] is not { } input) continue;
                if (Fold(input) is not { Constant: not null } folded) return known[value] = null;
                inputs[i] = folded;
            }

            return known[value] = folding.Node(node.OpType, inputs, node.Attributes)[0];
        }
    }

    /// <summary>The nodes that compute y from x, in an order in which they can run.</summary>
    public static List<Node> Between(Value x, Value y)
    {
        var nodes = new List<Node>();
        Visit(y);
        return nodes;

        void Visit(Value value)
        {
            if (value == x || value.Producer is not { } node || nodes.Contains(node)) return;
            foreach (var input in node.Inputs.OfType<Value>()) Visit(input);
            nodes.Add(node);
        }
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

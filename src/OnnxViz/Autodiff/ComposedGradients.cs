using OnnxViz.Autodiff.Rules;
using OnnxViz.Autodiff.Rules.Sampling;
using OnnxViz.Graphs.Recurrent;

namespace OnnxViz.Autodiff;

/// <summary>
/// Operators whose gradient is that of the operators that they can be made of: these are computed again for the way back, and the
/// operator itself, which has a fast kernel, does the way there.
/// </summary>
internal static class ComposedGradients
{
    public static Value?[] DeformConv(GradientContext g) => Of(g, DeformedConvolution.Composed);

    public static Value?[] Recurrent(GradientContext g) => Of(g, Recurrence.Unrolled);

    /// <param name="g">The node.</param>
    /// <param name="compose">From the node to what stands for its outputs, by operators that have rules.</param>
    private static Value?[] Of(GradientContext g, Func<IEmitter, Node, Value[]> compose)
    {
        var nodes = g.Builder.Graph.Nodes;
        var first = nodes.Count;
        var results = compose(g, g.Node);
        var seeds = new Dictionary<Value, Value>();
        for (var i = 0; i < results.Length; i++)
            if (g.DYOrNull(i) is { } dy) seeds[results[i]] = seeds.TryGetValue(results[i], out var other) ? g.Add(other, dy) : dy;
        Value[] targets = [.. g.Node.Inputs.Where((x, i) => x is { Constant: null } && !GradientRules.Stops(g.Node, i)).OfType<Value>().Distinct()];
        var gradients = Backpropagation.Walk(g.Builder, nodes[first..], seeds, targets, GradientRules.Default, new HashSet<Value>());
        return [.. g.Node.Inputs.Select(x => x is null ? null : gradients.GetValueOrDefault(x))];
    }
}

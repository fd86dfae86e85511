using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Folding;

namespace OnnxViz.Autodiff;

/// <summary>
/// Reverse-mode differentiation of a graph into the same graph: one walk over the nodes on the path, last to first.
/// What every rule would have to do otherwise is done here once: adding up the gradients of a value that is used
/// several times, summing a broadcast gradient back to its source's shape, and leaving out what nobody asked for.
/// </summary>
public static class Backpropagation
{
    /// <summary>The gradient of one target by the default rules; a target that is the only seed has its seed.</summary>
    internal static Value Gradient(this GraphBuilder builder, Dictionary<Value, Value> seeds, Value target) =>
        seeds.Count == 1 && seeds.TryGetValue(target, out var direct) ? direct : Gradients(builder, seeds, [target], GradientRules.Default)[0];

    /// <param name="builder">Holds the forward nodes; the backward nodes are appended.</param>
    /// <param name="seeds">For each value that the score depends on directly, d score / d value, of the value's shape.</param>
    /// <param name="targets">The values whose gradients are wanted.</param>
    /// <param name="rules">How each operator passes a gradient on.</param>
    /// <param name="constants">Values that no gradient passes, whatever they depend on.</param>
    /// <returns>d score / d target for every target, each of its target's shape.</returns>
    /// <exception cref="OnnxVizException">An operator on the path has no rule, or a target has no influence.</exception>
    public static Value[] Gradients(
        GraphBuilder builder, IReadOnlyDictionary<Value, Value> seeds, IReadOnlyList<Value> targets, GradientRules rules,
        IReadOnlySet<Value>? constants = null)
    {
        var gradients = Walk(builder, builder.Graph.NodesFor(seeds.Keys), seeds, targets, rules, constants ?? new HashSet<Value>());
        return [.. targets.Select(target => gradients.GetValueOrDefault(target)
            ?? throw OnnxVizException.OfModel($"The score does not depend on '{target.Name}', or only through operators without a gradient."))];
    }

    /// <param name="builder">The backward nodes are appended to it.</param>
    /// <param name="forward">Nodes between the targets and the seeds, in graph order.</param>
    /// <param name="seeds">As for <see cref="Gradients"/>.</param>
    /// <param name="targets">As for <see cref="Gradients"/>.</param>
    /// <param name="rules">As for <see cref="Gradients"/>.</param>
    /// <param name="constants">As for <see cref="Gradients"/>.</param>
    /// <returns>The gradients of all values that were passed.</returns>
    internal static Dictionary<Value, Value> Walk(
        GraphBuilder builder, IReadOnlyList<Node> forward, IReadOnlyDictionary<Value, Value> seeds, IReadOnlyList<Value> targets, GradientRules rules,
        IReadOnlySet<Value> constants)
    {
        using var phase = Profiler.Phase("compile the gradient");
        var onPath = Path(forward, targets, constants);
        var gradients = new Dictionary<Value, Value>(seeds);
        var pooled = PooledRelus(forward, seeds.Keys.Concat(targets).ToHashSet());
        Require(forward, seeds.Keys, onPath, node => rules.For(node, builder.Graph.Opset, onPath, pooled.GetValueOrDefault(node)));
        for (var i = forward.Count - 1; i >= 0; i--)
        {
            var node = forward[i];
            if (!Array.Exists(node.Outputs, gradients.ContainsKey) || !Array.Exists(node.Outputs, onPath.Contains)) continue;
            using var scope = builder.Scope($"gradient/{node.Name}", fromRoot: true);
            var dys = Array.ConvertAll(node.Outputs, y => gradients.GetValueOrDefault(y));
            var (rule, inputs) = rules.For(node, builder.Graph.Opset, onPath, pooled.GetValueOrDefault(node));
            var dxs = Malformed.Guard(node, "followed backwards", () => rule(new GradientContext(builder, node, dys)));
            for (var k = 0; k < Math.Min(dxs.Length, inputs.Length); k++)
            {
                if (dxs[k] is not { } dx || inputs[k] is not { } x || !onPath.Contains(x)) continue;
                dx = Unbroadcast(builder, dx, x);
                gradients[x] = gradients.TryGetValue(x, out var sum) ? builder.Add(sum, dx) : dx;
            }
        }

        return gradients;
    }

    /// <summary>Names an operator without a rule before anything else fails because of it: behind it, shapes are not known.</summary>
    private static void Require(IReadOnlyList<Node> forward, IEnumerable<Value> seeds, HashSet<Value> onPath, Action<Node> require)
    {
        var passed = seeds.ToHashSet();
        foreach (var node in forward.Reverse().Where(n => Array.Exists(n.Outputs, passed.Contains) && Array.Exists(n.Outputs, onPath.Contains)))
        {
            require(node);
            passed.UnionWith(node.Inputs.Where((x, k) => x is not null && onPath.Contains(x) && !GradientRules.Stops(node, k)).Select(x => x!));
        }
    }

    /// <summary>For every max pool that alone reads the values of a ReLU that ReLU; values that are asked for are read by others.</summary>
    private static Dictionary<Node, Node> PooledRelus(IReadOnlyList<Node> forward, HashSet<Value> asked)
    {
        var pools = forward.Where(n => n is { OpType: "MaxPool", Domain: "", Outputs.Length: 1 } && n.Input(0) is { Producer: { OpType: "Relu", Domain: "" } } x && !asked.Contains(x));
        var found = pools.ToDictionary(p => p, p => p.Required(0).Producer!);
        if (found.Count == 0) return found;
        var inside = forward.ToHashSet();
        var readers = forward.SelectMany(n => n.Needs().Distinct()).CountBy(v => v).ToDictionary();
        foreach (var (pool, relu) in found.ToArray())
            if (!inside.Contains(relu) || readers[pool.Required(0)] != 1) found.Remove(pool);
        return found;
    }

    /// <summary>The values that a target influences through differentiable inputs.</summary>
    internal static HashSet<Value> Path(IReadOnlyList<Node> forward, IReadOnlyList<Value> targets, IReadOnlySet<Value> constants)
    {
        var path = targets.ToHashSet();
        foreach (var node in forward)
        {
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] is not { } x || !path.Contains(x) || GradientRules.Stops(node, i)) continue;
                path.UnionWith(node.Outputs.Where(y => !constants.Contains(y)));
                break;
            }
        }

        return path;
    }

    /// <summary>The adjoint of NumPy broadcasting: sums over the axes along which x was repeated.</summary>
    private static Value Unbroadcast(GraphBuilder builder, Value gradient, Value x)
    {
        if (gradient.Dims is not { } from || x.Dims is not { } to) return gradient;
        var added = from.Length - to.Length;
        var axes = Enumerable.Range(0, from.Length)
            .Where(i => i < added || (to[i - added] == 1 && from[i] != 1))
            .Select(i => (long)i)
            .ToArray();
        if (axes.Length > 0) gradient = builder.ReduceSum(gradient, axes);
        if (added > 0) gradient = builder.Reshape(gradient, builder.Shape(x));
        // Of open sizes the forward value may know more than what was computed from them.
        if (!gradient.HasStaticShape) gradient.Dims = [.. gradient.Dims!.Zip(to, Math.Max)];
        return gradient;
    }
}

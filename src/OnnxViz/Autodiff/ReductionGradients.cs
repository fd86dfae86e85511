using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class ReductionGradients
{
    /// <summary>A reduced value with its reduced axes put back as 1, ready to broadcast against X.</summary>
    public static Value Kept(GradientContext g, Value reduced)
    {
        if (g.Node.Int("keepdims", 1) != 0) return reduced;
        var axes = Axes(g);
        var dims = g.X().StaticDims().Select((d, i) => axes.Contains(i) ? 1 : d).ToArray();
        return g.Reshape(reduced, dims);
    }

    /// <summary>How many elements of X go into one of Y.</summary>
    public static Value Count(GradientContext g)
    {
        var dims = g.X().StaticDims();
        return g.Scalar(Axes(g).Aggregate(1L, (count, axis) => count * dims[axis]));
    }

    /// <summary>
    /// Maximum or minimum over axes: all tied elements share the gradient evenly, as PyTorch's amax does; one element,
    /// the first, takes it in GlobalMaxPool, as in PyTorch's pooling.
    /// </summary>
    public static Value?[] Max(GradientContext g)
    {
        var hits = g.Cast(g.Equal(g.X(), Kept(g, g.Y())), ElementType.Float);
        var axes = Axes(g);
        if (g.Node.OpType == "GlobalMaxPool") hits = FirstHit(g, hits);
        else if (axes.Length > 0) hits = g.Div(hits, g.ReduceSum(hits, axes));
        return [g.Mul(hits, Kept(g, g.DY))];
    }

    private static Value FirstHit(GradientContext g, Value hits)
    {
        var dims = g.X().StaticDims();
        var flat = g.Reshape(hits, dims[0], dims[1], -1);
        var count = dims.Skip(2).Aggregate(1L, (n, d) => n * d);
        // Positions counted from the end, so that the largest marked one is the first hit.
        var order = g.Builder.Constant(Tensor.Of([.. Enumerable.Range(0, (int)count).Select(i => (float)(count - i))], 1, 1, count));
        var ranked = g.Mul(flat, order);
        var first = g.And(g.Equal(ranked, g.ReduceMax(ranked, [2])), g.Greater(ranked, g.Scalar(0)));
        return g.Reshape(g.Cast(first, ElementType.Float), dims);
    }

    private static long[] Axes(GradientContext g)
    {
        var rank = g.X().Rank;
        if (g.Node.OpType.StartsWith("Global", StringComparison.Ordinal)) return [.. Enumerable.Range(2, rank - 2).Select(i => (long)i)];
        var axes = g.Node.Ints("axes") ?? (g.Has(1) ? g.ConstantInput(1).ToLongs() : []);
        return axes.Length == 0
            ? g.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank).Select(i => (long)i)]
            : [.. axes.Select(a => (long)Shapes.Axis(a, rank))];
    }
}

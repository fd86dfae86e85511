namespace OnnxViz.Autodiff.Rules;

internal static class ReductionGradients
{
    /// <summary>A reduced value with its reduced axes put back as 1, ready to broadcast against X.</summary>
    public static Value KeepDims(GradientContext g, Value reduced) =>
        g.Node.Int("keepdims", 1) == 0 && Axes(g) is { Length: > 0 } axes ? g.Unsqueeze(reduced, axes) : reduced;

    /// <summary>Every element of X has the same share.</summary>
    public static Value?[] Mean(GradientContext g) =>
        [g.ExpandLike(g.Div(KeepDims(g, g.DY), g.Count(g.X(), Axes(g))), g.X())];

    /// <summary>
    /// Maximum or minimum over axes: all tied elements share the gradient evenly, as PyTorch's amax does; one element,
    /// the first, takes it in GlobalMaxPool, as in PyTorch's pooling.
    /// </summary>
    public static Value?[] Max(GradientContext g)
    {
        var hits = g.Cast(g.Equal(g.X(), KeepDims(g, g.Y())), g.DY.Type);
        var axes = Axes(g);
        if (g.Node.OpType == "GlobalMaxPool") hits = FirstHit(g, hits);
        else if (axes.Length > 0) hits = g.Div(hits, g.ReduceSum(hits, axes));
        return [g.Mul(hits, KeepDims(g, g.DY))];
    }

    /// <summary>x / |x|; 0 where the norm is 0, as PyTorch has it.</summary>
    public static Value?[] L2(GradientContext g)
    {
        var norm = KeepDims(g, g.Y());
        return [g.WhereOrZero(g.Greater(norm, g.Scalar(0)), g.Div(g.Mul(g.X(), KeepDims(g, g.DY)), norm))];
    }

    /// <summary>The product of all others: y / x where there is no zero, and where x is the only zero, the rest.</summary>
    public static Value?[] Prod(GradientContext g)
    {
        var axes = Axes(g);
        if (axes.Length == 0) return [g.DY];
        var isZero = g.Equal(g.X(), g.Scalar(0));
        var rest = g.Where(isZero, g.Scalar(1), g.X());
        var product = g.Emit("ReduceProd", [rest, g.Longs(axes)]);
        var zeros = g.ReduceSum(g.Cast(isZero, g.DY.Type), axes);
        var others = g.Sub(zeros, g.Cast(isZero, g.DY.Type));
        return [g.Mul(KeepDims(g, g.DY), g.WhereOrZero(g.Equal(others, g.Scalar(0)), g.Div(product, rest)))];
    }

    /// <summary>y = (sum |x|^p)^(1/p): dx = sign(x) |x|^(p-1) y^(1-p); 0 where y is 0.</summary>
    public static Value?[] GlobalLpPool(GradientContext g)
    {
        var p = g.Node.Int("p", 2);
        if (p == 1) return [g.Mul(g.DY, g.Sign(g.X()))];
        // Powers of the ratio, which is at most 1, neither overflow nor divide 0 by 0.
        var isOpen = g.Greater(g.Y(), g.Scalar(0));
        var ratio = g.Div(g.X(), g.Where(isOpen, g.Y(), g.Scalar(1)));
        return [g.Mul(g.DY, p == 2 ? ratio : g.Mul(g.Sign(ratio), g.Pow(g.Abs(ratio), p - 1)))];
    }

    /// <summary>How many elements lie along the axes of a value, as a number of its type.</summary>
    public static Value Count(this GradientContext g, Value value, long[] axes)
    {
        var sizes = Array.ConvertAll(axes, axis => g.Size(value, (int)axis));
        return g.Cast(g.Squeeze(g.Product(sizes), 0), value.Type);
    }

    /// <summary>The first of the elements of a channel that are 1 stays, the others become 0.</summary>
    private static Value FirstHit(GradientContext g, Value hits)
    {
        var flat = g.Reshape(hits, 0, 0, -1);
        var number = g.Emit("CumSum", [flat, g.Builder.Constant(Tensor.Scalar(2L))]);
        return g.ReshapeLike(g.WhereOrZero(g.Equal(number, g.Scalar(1)), flat), g.X());
    }

    private static long[] Axes(GradientContext g)
    {
        var rank = g.X().Rank;
        if (g.Node.OpType.StartsWith("Global", StringComparison.Ordinal)) return Shapes.Axes(2, rank - 2);
        var axes = g.Node.Ints("axes") ?? (g.Has(1) ? g.ConstantInput(1).ToLongs() : []);
        return axes.Length == 0
            ? g.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : Shapes.Axes(0, rank)
            : [.. axes.Select(a => (long)Shapes.Axis(a, rank)).Distinct()];
    }
}

namespace OnnxViz.Graphs.Inference;

/// <summary>Reductions over axes, and the choice of the best along one.</summary>
internal static class ReduceShapes
{
    public static void Reduce(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var keep = s.Node.Int("keepdims", 1) != 0;
        if (!s.InputOrAttribute(1, "axes", out var axes))
        {
            s.Set(x is not null && keep ? ShapeScope.UnknownOfRank(x.Length) : null);
            return;
        }

        if (x is null) s.Set(null);
        else if (axes is null or []) s.Set(s.Node.Int("noop_with_empty_axes", 0) != 0 ? x : Without(x, [.. Enumerable.Range(0, x.Length)], keep));
        else s.Set(Without(x, [.. axes.Select(a => Shapes.Axis(a, x.Length))], keep));
    }

    public static void Arg(ShapeScope s)
    {
        var x = s.RankAtLeast(0, 1);
        s.Set(
            x is null ? null : Without(x, [Shapes.Axis(s.Node.Int("axis", 0), x.Length)], s.Node.Int("keepdims", 1) != 0),
            ElementType.Int64);
    }

    public static void TopK(ShapeScope s)
    {
        var y = (long[]?)s.RankAtLeast(0, 1)?.Clone();
        if (y is not null)
        {
            var axis = Shapes.Axis(s.Node.Int("axis", -1), y.Length);
            var k = s.Given(1) ? s.Elements(1) is [var e] ? e.Dim : Shapes.Unknown : s.Node.Int("k", Shapes.Unknown);
            if (k > y[axis] && y[axis] >= 0) throw ShapeScope.Fail($"{k} of {y[axis]} elements are asked for");
            y[axis] = k;
        }

        s.Set(y);
        s.Set(y, ElementType.Int64, 1);
    }

    private static long[] Without(long[] x, HashSet<int> axes, bool keep) =>
        keep ? [.. x.Select((d, i) => axes.Contains(i) ? 1 : d)] : [.. x.Where((_, i) => !axes.Contains(i))];
}

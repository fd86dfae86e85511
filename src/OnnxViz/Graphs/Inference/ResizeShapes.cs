namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that change the spatial size.</summary>
internal static class ResizeShapes
{
    /// <summary>Resize of opset 13 and later: inputs X, roi, scales, sizes.</summary>
    public static void Resize(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        if (x is null)
        {
            s.Set(null);
            return;
        }

        var axes = s.Node.Ints("axes")?.Select(a => Shapes.Axis(a, x.Length)).ToArray() ?? [.. Enumerable.Range(0, x.Length)];
        var y = (long[])x.Clone();
        var scales = s.Node.Input(2)?.Constant?.ToFloats();
        if (s.Given(3) && s.X(3) is not [0])
        {
            var sizes = s.Elements(3);
            if (sizes is not null && sizes.Length != axes.Length) throw ShapeScope.Fail($"{sizes.Length} sizes for {axes.Length} axes");
            for (var i = 0; i < axes.Length; i++) y[axes[i]] = sizes?[i].Number is < 0 and var size ? throw ShapeScope.Fail($"an axis would get size {size}") : sizes?[i].Dim ?? Shapes.Unknown;
            if (s.Node.Text("keep_aspect_ratio_policy", "stretch") is var policy and not "stretch") KeepAspect(x, y, axes, policy);
        }
        else if (scales is { Length: > 0 })
        {
            if (scales.Length != axes.Length) throw ShapeScope.Fail($"{scales.Length} scales for {axes.Length} axes");
            // tf_crop_and_resize too: ONNX Runtime 1.31 scales the whole size, whatever part of it is taken.
            for (var i = 0; i < axes.Length; i++)
                if (x[axes[i]] >= 0) y[axes[i]] = Scaled(x[axes[i]] * scales[i]);
        }
        else
        {
            for (var i = 0; i < axes.Length; i++) y[axes[i]] = Shapes.Unknown;
        }

        s.Set(y);
    }

    public static void DepthToSpace(ShapeScope s)
    {
        var x = s.X();
        var block = Block(s, x);
        if (x?[1] >= 0 && x[1] % (block * block) != 0) throw ShapeScope.Fail($"{x[1]} channels in blocks of {block}x{block}");
        s.Set(x is null ? null : [x[0], x[1] < 0 ? x[1] : x[1] / (block * block), Times(x[2], block), Times(x[3], block)]);
    }

    public static void SpaceToDepth(ShapeScope s)
    {
        var x = s.X();
        var block = Block(s, x);
        if (x is not null && ((x[2] >= 0 && x[2] % block != 0) || (x[3] >= 0 && x[3] % block != 0)))
            throw ShapeScope.Fail($"the size is no multiple of the block size {block}");
        s.Set(x is null ? null : [x[0], Times(x[1], block * block), Divided(x[2]), Divided(x[3])]);

        long Divided(long d) => d < 0 ? d : d / block;
    }

    public static void GridSample(ShapeScope s)
    {
        var (x, grid) = (s.RankAtLeast(0, 3), s.RankAtLeast(1, 3));
        if (x is not null && grid is not null)
        {
            if (x.Length != grid.Length) throw ShapeScope.Fail("input and grid differ in rank");
            ShapeScope.Match(grid[^1], x.Length - 2, "coordinates in the grid");
            ShapeScope.Match(grid[0], x[0], "batch of the grid");
        }

        s.Set(x is null || grid is null ? null : [x[0], x[1], .. grid[1..^1]]);
    }

    private static void KeepAspect(long[] x, long[] y, int[] axes, string policy)
    {
        if (!Array.TrueForAll(axes, a => x[a] > 0 && y[a] >= 0))
        {
            foreach (var a in axes) y[a] = Shapes.Unknown;
            return;
        }

        var ratios = axes.Select(a => (float)y[a] / x[a]);
        var scale = policy == "not_larger" ? ratios.Min() : ratios.Max();
        foreach (var a in axes) y[a] = Scaled(scale * x[a] + 0.5f);
    }

    private static long Scaled(float size) => size is >= 0 and <= Shapes.Largest ? (long)MathF.Floor(size) : throw ShapeScope.Fail($"an axis would get size {size}");

    private static long Block(ShapeScope s, long[]? x)
    {
        if (x is not null && x.Length != 4) throw ShapeScope.Fail("four dimensions are needed");
        var block = s.Node.Int("blocksize", 0);
        return block is > 0 and < 65536 ? block : throw ShapeScope.Fail($"blocksize is {block}");
    }

    private static long Times(long d, long factor) => d < 0 ? d : checked(d * factor);
}

namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class ConvWeightGradient
{
    /// <summary>
    /// dW[m, c, k] = sum over n and o of dY[n, m, o] X[n, c, s o + d k - p]: a convolution of the pictures with the
    /// gradients as kernels, in which batch and channels, and stride and dilation, change places.
    /// </summary>
    /// <param name="g">The convolution, or the transposed one, in which input and output change places.</param>
    /// <param name="wide">The side that the windows look at, [N, C, S].</param>
    /// <param name="narrow">The side with one position per window, [N, M, O].</param>
    /// <param name="pads">Of the wide side, as Pad takes them.</param>
    /// <param name="group">Number of groups.</param>
    public static Value Of(GradientContext g, Value wide, Value narrow, Value pads, long group)
    {
        var kernel = g.X(1).StaticDims()[2..];
        var rank = kernel.Length;
        var ones = new long[rank];
        Array.Fill(ones, 1);
        var x = Grouped(g, g.Pad(wide, pads), group, [2, 1, 0]);
        var dy = Grouped(g, narrow, group, [1, 2, 0]);
        var (n, perGroup) = (g.Size(wide, 0), wide.Dims![1] / group);
        var kernels = g.Reshape(dy, g.Join(g.Longs(narrow.Dims![1]), n, g.SpatialSizes(narrow)));
        var pictures = g.Reshape(x, g.Join(g.Longs(perGroup), g.Mul(n, g.Longs(group)), Tail(g, x, 3)));
        var found = g.Emit(
            "Conv",
            [pictures, kernels],
            ("strides", g.Node.Ints("dilations") ?? ones), ("dilations", g.Node.Ints("strides") ?? ones), ("group", group));
        var axes = Shapes.Axes(2, rank);
        return g.Transpose(g.Slice(found, new long[rank], kernel, axes), [1, 0, .. axes]);
    }

    /// <summary>[N, group * C, S] with batch, group and channel in another order.</summary>
    private static Value Grouped(GradientContext g, Value value, long group, long[] order)
    {
        var split = g.Reshape(value, g.Join(g.Size(value, 0), g.Longs(group, value.Dims![1] / group), g.SpatialSizes(value)));
        return g.Transpose(split, [.. order, .. Shapes.Axes(3, value.Rank - 2)]);
    }

    private static Value Tail(GradientContext g, Value value, int from) => g.SizesOf(value, [.. Enumerable.Range(from, value.Rank - from)]);
}

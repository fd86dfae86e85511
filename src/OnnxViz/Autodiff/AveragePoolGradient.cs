using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class AveragePoolGradient
{
    /// <summary>Every input of a window gets dY / count, the count being what the forward operator divided by.</summary>
    public static Value?[] AveragePool(GradientContext g)
    {
        var kernel = g.Node.Ints("kernel_shape")!;
        var dims = g.X().StaticDims();
        var w = new Windows(g.Node, dims[2..], g.Y().StaticDims()[2..], kernel);
        if (Array.TrueForAll(kernel, k => k == 1) && w.Tile) return [g.DY];

        var share = g.Mul(g.DY, g.Builder.Constant(Tensor.Of(Shares(g.Node, w), [1, 1, .. w.Output])));
        if (Array.TrueForAll(w.Output, o => o == 1) && w.Tile) return [g.ExpandLike(share, g.X())];
        var ones = new float[dims[1] * kernel.Aggregate(1L, (n, k) => n * k)];
        Array.Fill(ones, 1);
        var spread = g.Emit(
            "ConvTranspose",
            [share, g.Builder.Constant(Tensor.Of(ones, [dims[1], 1, .. kernel]))],
            ("kernel_shape", kernel), ("strides", w.Strides), ("dilations", w.Dilations), ("group", dims[1]));
        return [g.Pad(spread, w.Pads(-1))];
    }

    /// <summary>1 / count for each output position, row-major.</summary>
    private static float[] Shares(Node node, Windows w)
    {
        var includePad = node.Int("count_include_pad", 0) != 0;
        var shares = new float[] { 1 };
        for (var axis = 0; axis < w.Rank; axis++)
        {
            // Windows may hang over even the padding (ceil_mode); that part never counts.
            var (low, high) = includePad ? (-w.Begin[axis], w.Input[axis] + w.DeclaredEnd[axis]) : (0, w.Input[axis]);
            var counts = Enumerable.Range(0, (int)w.Output[axis]).Select(o => Enumerable.Range(0, (int)w.Kernel[axis])
                .Select(k => (o * w.Strides[axis]) - w.Begin[axis] + (k * w.Dilations[axis]))
                .Count(position => position >= low && position < high)).ToArray();
            shares = [.. shares.SelectMany(_ => counts, (share, count) => share / count)];
        }

        return shares;
    }
}

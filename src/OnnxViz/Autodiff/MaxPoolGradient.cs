using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class MaxPoolGradient
{
    /// <summary>
    /// The gradient goes to each window's maximum, to the first one in row-major order where several are equal
    /// (PyTorch's order; ONNX Runtime's Indices differ between CPU and CUDA). Tap by tap: what is equal to the maximum
    /// takes what no earlier tap has taken. No indices, no scatter, the same sums on every device.
    /// </summary>
    public static Value?[] MaxPool(GradientContext g)
    {
        var kernel = g.Node.Ints("kernel_shape")!;
        var dims = g.X().StaticDims();
        var w = new Windows(g.Node, dims[2..], g.Y().StaticDims()[2..], kernel);
        var x = g.Pad(g.X(), w.Pads(1), float.NegativeInfinity);
        var taps = (int)kernel.Aggregate(1L, (n, k) => n * k);
        var axes = Enumerable.Range(2, w.Rank).Select(i => (long)i).ToArray();

        var left = g.DY;
        var taken = new Value[taps];
        for (var tap = 0; tap < taps; tap++)
        {
            var starts = Offset(w, tap);
            var ends = starts.Select((s, i) => s + ((w.Output[i] - 1) * w.Strides[i]) + 1).ToArray();
            var isMaximum = g.Equal(g.Slice(x, starts, ends, axes, w.Strides), g.Y());
            taken[tap] = g.Unsqueeze(g.Keep(isMaximum, left), 2);
            left = g.Where(isMaximum, g.Scalar(0), left);
        }

        var stacked = g.Reshape(g.Concat(2, taken), [dims[0], dims[1] * taps, .. w.Output]);
        var scattered = g.Emit(
            "ConvTranspose",
            [stacked, g.Builder.Constant(OneTapEach((int)dims[1], taps, kernel))],
            ("kernel_shape", kernel), ("strides", w.Strides), ("dilations", w.Dilations), ("group", dims[1]));
        return [g.Pad(scattered, w.Pads(-1))];
    }

    /// <summary>Where in the padded input a tap of the first window lies.</summary>
    private static long[] Offset(Windows w, int tap)
    {
        var offset = new long[w.Rank];
        for (var i = w.Rank - 1; i >= 0; i--)
        {
            offset[i] = tap % w.Kernel[i] * w.Dilations[i];
            tap /= (int)w.Kernel[i];
        }

        return offset;
    }

    /// <summary>[C * taps, 1, kernel]: the t-th kernel of a channel is 1 at tap t.</summary>
    private static Tensor OneTapEach(int channels, int taps, long[] kernel)
    {
        var weight = new float[channels * taps * taps];
        for (var c = 0; c < channels; c++)
            for (var t = 0; t < taps; t++) weight[(((c * taps) + t) * taps) + t] = 1;
        return Tensor.Of(weight, [channels * taps, 1, .. kernel]);
    }
}

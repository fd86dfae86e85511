using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class MaxPoolGradient
{
    /// <summary>Numbers in the kernels that put every tap in its place; they grow with the square of the taps.</summary>
    private const double LargestKernels = 1 << 22;

    /// <summary>
    /// The gradient goes to each window's maximum, to the first one in row-major order where several are equal
    /// (PyTorch's order; ONNX Runtime's Indices differ between CPU and CUDA). Tap by tap: what is equal to the maximum
    /// takes what no earlier tap has taken. No indices, no scatter, the same sums on every device.
    /// </summary>
    public static Value?[] MaxPool(GradientContext g)
    {
        var w = new Windows(g, g.Node.Ints("kernel_shape")!);
        var channels = g.X().Dims![1];
        var x = g.Pad(g.X(), w.Pads(), float.NegativeInfinity);
        if (channels < 0 || w.Kernel.Aggregate((double)channels, (n, k) => n * k * k) > LargestKernels) return [new SeparableMaxPool(g, w).Gradient(x)];
        var left = g.DY;
        var taken = new Value[w.Taps];
        for (var tap = 0; tap < taken.Length; tap++)
        {
            var starts = Window.Offset(w.Moves, tap);
            // Counted from the end of what all windows cover, which need not be known.
            var ends = starts.Zip(w.Extents, (start, extent) => start + 1 < extent ? start + 1 - extent : long.MaxValue).ToArray();
            var isMaximum = g.Equal(g.Slice(x, starts, ends, w.Axes, w.Strides), g.Y());
            taken[tap] = g.Unsqueeze(g.WhereOrZero(isMaximum, left), 2);
            left = g.Where(isMaximum, g.Scalar(0), left);
        }

        var stacked = g.Reshape(g.Concat(2, taken), g.Join(g.Size(g.X(), 0), g.Longs(channels * taken.Length), w.Output));
        return [w.Spread(stacked, g.Builder.Constant(OneTapEach((int)channels, taken.Length, w.Kernel)), channels)];
    }

    /// <summary>[C * taps, 1, kernel]: the t-th kernel of a channel is 1 at tap t.</summary>
    private static Tensor OneTapEach(int channels, int taps, long[] kernel)
    {
        var weights = new float[channels * taps * taps];
        for (var row = 0; row < channels * taps; row++) weights[(row * taps) + (row % taps)] = 1;
        return Tensor.Of(weights, [channels * taps, 1, .. kernel]);
    }
}

using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class MaxPoolGradient
{
    /// <summary>From here on one axis after another takes fewer nodes.</summary>
    private const int MostTaps = 64;

    /// <summary>
    /// The gradient goes to each window's maximum, to the first one in row-major order where several are equal
    /// (PyTorch's order; ONNX Runtime's Indices differ between CPU and CUDA). Tap by tap: what is equal to the maximum
    /// takes what no earlier tap has taken. No indices, no scatter, the same sums on every device.
    /// </summary>
    public static Value?[] MaxPool(GradientContext g)
    {
        var w = new Windows(g, g.Node.Ints("kernel_shape")!);
        var x = g.Pad(g.X(), w.Pads(), float.NegativeInfinity);
        if (w.Kernel.Aggregate(1.0, (n, k) => n * k) > MostTaps) return [new SeparableMaxPool(g, w).Gradient(x)];
        var left = g.DY;
        var taken = new Value[w.Taps];
        for (var tap = 0; tap < taken.Length; tap++)
        {
            var starts = Window.Offset(w.Moves, tap);
            // Counted from the end of what all windows cover, which need not be known.
            var ends = starts.Zip(w.Extents, (start, extent) => start + 1 < extent ? start + 1 - extent : long.MaxValue).ToArray();
            var isMaximum = g.Equal(g.Slice(x, starts, ends, w.Axes, w.Strides), g.Y());
            taken[tap] = g.WhereOrZero(isMaximum, left);
            left = g.Where(isMaximum, g.Scalar(0), left);
        }

        return [TapGrids.Merge(g, w, taken)];
    }
}

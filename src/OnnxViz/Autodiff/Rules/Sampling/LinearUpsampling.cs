namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// Linear interpolation by a whole number along one axis of an image is a picture padded by its border, spread and
/// smoothed with a hat. Its adjoint is a depthwise convolution whose stride is the factor; what falls on the padding goes
/// to the border. Several times as fast as the product with a matrix, and the same for all sizes.
/// </summary>
internal static class LinearUpsampling
{
    /// <summary>The factor where Resize does nothing else along the axis, or null.</summary>
    public static long? Factor(GradientContext g, int axis, Value scale)
    {
        var coordinates = g.Node.Text("coordinate_transformation_mode", "half_pixel");
        return g.Node.Text("mode", "nearest") == "linear"
            && coordinates is "half_pixel" or "pytorch_half_pixel"
            && g.Node.Int("antialias", 0) == 0
            && g.X().Rank is >= 3 and <= 5 && axis >= 2
            && g.X().Dims![1] is > 0 and var channels && g.Y().Dims![1] == channels
            && scale.Constant?.ToFloats()[0] is >= 2 and <= 256 and var factor && float.IsInteger(factor)
            ? (long)factor
            : null;
    }

    public static Value Gradient(GradientContext g, Value dy, int axis, long factor)
    {
        var (channels, spatial, at) = (g.X().Dims![1], dy.Rank - 2, axis - 2);
        // The window of an element begins half a factor before the first of its copies, and one element more belongs to the padding.
        var (half, taps) = (factor / 2, 2 * factor);
        var hat = new float[channels * taps];
        for (var i = 0; i < hat.Length; i++) hat[i] = 1 - Math.Abs((((i % taps) - half + 0.5f) / factor) - 0.5f);
        var (strides, pads, kernel) = (Filled(spatial, 1), Filled(2 * spatial, 0), Filled(spatial, 1));
        (strides[at], kernel[at], pads[at], pads[at + spatial]) = (factor, taps, factor + half, taps - half);
        var filter = g.Builder.Constant(Tensor.Of(hat, [channels, 1, .. kernel]));
        var padded = g.Emit("Conv", [dy, filter], ("group", channels), ("strides", strides), ("pads", pads));
        return PadGradient.Unpadded(g, "edge", padded, axis, g.Longs(1), g.Longs(1), g.Size(g.X(), axis));
    }

    private static long[] Filled(int count, long number) => [.. Enumerable.Repeat(number, count)];
}

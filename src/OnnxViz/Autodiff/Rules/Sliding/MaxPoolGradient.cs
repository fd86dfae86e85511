namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class MaxPoolGradient
{
    /// <summary>
    /// The gradient goes to each window's maximum, to the first one in row-major order where several are equal
    /// (PyTorch's order; ONNX Runtime's Indices differ between CPU and CUDA). No indices, no scatter, the same sums on
    /// every device.
    /// </summary>
    public static Value?[] MaxPool(GradientContext g)
    {
        var w = new Windows(g, g.Node.Ints("kernel_shape")!);
        return [new SeparableMaxPool(g, w).Gradient(g.Pad(g.X(), w.Pads(), float.NegativeInfinity))];
    }
}

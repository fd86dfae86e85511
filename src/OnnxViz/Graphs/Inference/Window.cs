namespace OnnxViz.Graphs.Inference;

/// <summary>
/// How the window of a convolution or a pool moves along one spatial axis, with auto_pad resolved to numbers.
/// ONNX operator specification, Conv and MaxPool; where it leaves a choice, as ONNX Runtime 1.31 computes it.
/// </summary>
/// <param name="Input">Size of the input along the axis, or -1.</param>
/// <param name="Kernel">Elements of the window.</param>
/// <param name="Stride">Elements from one window to the next.</param>
/// <param name="Dilation">Elements from one of the window's to its next.</param>
/// <param name="Begin">Padding before the first element; with auto_pad and an unknown size 0.</param>
/// <param name="End">Padding behind the last element.</param>
/// <param name="Output">Size of the output, or -1.</param>
internal readonly record struct Window(long Input, long Kernel, long Stride, long Dilation, long Begin, long End, long Output)
{
    /// <summary>Elements from the first to the last that one window touches.</summary>
    public long Extent => Dilation * (Kernel - 1) + 1;

    /// <summary>The windows of a Conv, MaxPool, AveragePool or LpPool along each spatial axis.</summary>
    public static Window[] Of(ShapeScope s, long[] input, long[] kernel)
    {
        var rank = kernel.Length;
        var strides = s.Spatial("strides", rank, 1, 1);
        var dilations = s.Spatial("dilations", rank, 1, 1);
        var pads = s.Spatial("pads", 2 * rank, 0, 0);
        var auto = s.Node.Text("auto_pad", "NOTSET");
        var ceil = s.Node.Int("ceil_mode", 0) != 0;
        return Enumerable.Range(0, rank)
            .Select(i => One(input[i + 2], kernel[i], strides[i], dilations[i], pads[i], pads[i + rank], auto, ceil))
            .ToArray();
    }

    private static Window One(long input, long kernel, long stride, long dilation, long begin, long end, string auto, bool ceil)
    {
        var extent = dilation * (kernel - 1) + 1;
        if (auto is "VALID") (begin, end) = (0, 0);
        else if (auto is "SAME_UPPER" or "SAME_LOWER")
        {
            var same = input < 0 ? input : (input + stride - 1) / stride;
            // Windows that move by 1 need the same padding whatever the size.
            var total = stride == 1 ? extent - 1 : input < 0 ? 0 : Math.Max(0, (same - 1) * stride + extent - input);
            begin = auto is "SAME_UPPER" ? total / 2 : total - total / 2;
            return new Window(input, kernel, stride, dilation, begin, total - begin, same);
        }
        else if (auto is not ("NOTSET" or "")) throw ShapeScope.Fail($"auto_pad '{auto}' is not known");

        if (input < 0) return new Window(input, kernel, stride, dilation, begin, end, Shapes.Unknown);
        var room = input + begin + end - extent;
        if (room < 0) throw ShapeScope.Fail($"a window of {extent} does not fit into {input} with padding {begin} and {end}");
        var output = (ceil ? room + stride - 1 : room) / stride + 1;
        // A last window that would start in the padding behind the input is dropped.
        if (ceil && (output - 1) * stride >= input + begin) output--;
        return new Window(input, kernel, stride, dilation, begin, end, output);
    }

    /// <summary>The windows of a ConvTranspose: Input and Output are its own, the window moves over the output.</summary>
    public static Window[] OfTransposed(ShapeScope s, long[] input, long[] kernel)
    {
        var rank = kernel.Length;
        var strides = s.Spatial("strides", rank, 1, 1);
        var dilations = s.Spatial("dilations", rank, 1, 1);
        var pads = s.Spatial("pads", 2 * rank, 0, int.MinValue);
        var extra = s.Spatial("output_padding", rank, 0, 0);
        // output_shape may be given with or without batch and channels.
        var wanted = s.Node.Ints("output_shape") is { Length: > 0 } shape ? shape.TakeLast(rank).ToArray() : null;
        if (wanted is not null && wanted.Length != rank) throw ShapeScope.Fail("output_shape has too few numbers");
        var auto = s.Node.Text("auto_pad", "NOTSET");
        return Enumerable.Range(0, rank).Select(i =>
        {
            var (begin, end) = auto is "NOTSET" or "" ? (pads[i], pads[i + rank]) : (0L, 0L);
            var extent = dilations[i] * (kernel[i] - 1) + 1;
            var full = (input[i + 2] - 1) * strides[i] + extra[i] + extent;
            // What SAME takes away of stride * input does not depend on the input.
            long? surplus = wanted is not null ? full - wanted[i] : auto is "SAME_UPPER" or "SAME_LOWER" ? extra[i] + extent - strides[i] : null;
            if (surplus is not null && (wanted is null || input[i + 2] >= 0))
            {
                var total = Math.Max(0, surplus.Value);
                begin = auto is "SAME_UPPER" ? total / 2 : total - total / 2;
                end = total - begin;
            }

            if (input[i + 2] < 0)
                return new Window(-1, kernel[i], strides[i], dilations[i], begin, end, wanted?[i] ?? Shapes.Unknown);

            var output = wanted?[i] ?? full - begin - end;
            if (output < 0) throw ShapeScope.Fail($"the output would have size {output}");
            return new Window(input[i + 2], kernel[i], strides[i], dilations[i], begin, end, output);
        }).ToArray();
    }
}

namespace OnnxViz.Graphs.Inference;

/// <summary>
/// How the window of a convolution or a pool moves along one spatial axis, with auto_pad resolved to numbers.
/// ONNX operator specification, Conv and MaxPool; where it leaves a choice, as ONNX Runtime 1.31 computes it.
/// </summary>
/// <param name="Input">Size of the input along the axis, or -1.</param>
/// <param name="Kernel">Elements of the window.</param>
/// <param name="Stride">Elements from one window to the next.</param>
/// <param name="Dilation">Elements from one of the window's to its next.</param>
/// <param name="Begin">Padding before the first element; with auto_pad SAME and an unknown size the most that it can be.</param>
/// <param name="End">Padding behind the last element.</param>
/// <param name="Output">Size of the output, or -1.</param>
internal readonly record struct Window(long Input, long Kernel, long Stride, long Dilation, long Begin, long End, long Output)
{
    /// <summary>Elements from the first to the last that one window touches.</summary>
    public long Extent => checked((Dilation * (Kernel - 1)) + 1);

    /// <summary>Number of taps of windows that move along several axes.</summary>
    public static int Taps(Window[] axes) => checked((int)axes.Aggregate(1L, (n, a) => n * a.Kernel));

    /// <summary>Where in the first window a tap lies, counted in row-major order.</summary>
    public static long[] Offset(Window[] axes, int tap)
    {
        var offset = new long[axes.Length];
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            offset[i] = tap % axes[i].Kernel * axes[i].Dilation;
            tap /= (int)axes[i].Kernel;
        }

        return offset;
    }

    /// <summary>The windows of a Conv, MaxPool, AveragePool or LpPool along each spatial axis.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="input">Dimensions of its input, [N, C, spatial]; -1 where they are not known.</param>
    /// <param name="kernel">Elements of the window along each spatial axis.</param>
    /// <exception cref="OnnxVizException">An attribute with a wrong number of numbers or one out of range, or a window that does not fit.</exception>
    public static Window[] Of(Node node, long[] input, long[] kernel)
    {
        var rank = kernel.Length;
        var (strides, dilations) = (Spatial(node, "strides", rank, 1, 1), Spatial(node, "dilations", rank, 1, 1));
        var pads = Spatial(node, "pads", 2 * rank, 0, 0);
        var (auto, ceil) = (node.Text("auto_pad", "NOTSET"), node.Int("ceil_mode", 0) != 0);
        return [.. Enumerable.Range(0, rank).Select(i =>
        {
            var size = input[i + 2];
            var window = new Window(size, kernel[i], strides[i], dilations[i], pads[i], pads[i + rank], Shapes.Unknown).Padded(auto);
            return window with { Output = size < 0 ? Shapes.Unknown : IsSame(auto) ? (size + strides[i] - 1) / strides[i] : window.Positions(ceil) };
        })];
    }

    /// <summary>How the window lies along one spatial axis, for who does not need the output's size: nothing is refused for not fitting.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="axis">Counted from the first spatial axis.</param>
    /// <param name="rank">Number of spatial axes.</param>
    /// <param name="input">Size of the input along the axis, or -1.</param>
    /// <param name="kernel">Elements of the window along it.</param>
    public static Window Along(Node node, int axis, int rank, long input, long kernel)
    {
        var pads = node.Ints("pads");
        return new Window(
            input, kernel, node.Ints("strides")?[axis] ?? 1, node.Ints("dilations")?[axis] ?? 1, pads?[axis] ?? 0, pads?[axis + rank] ?? 0, Shapes.Unknown)
            .Padded(node.Text("auto_pad", "NOTSET"));
    }

    /// <summary>Whether auto_pad makes the output as large as the input over the stride, rounded up.</summary>
    public static bool IsSame(string auto) => auto is "SAME_UPPER" or "SAME_LOWER";

    /// <summary>The window with auto_pad in place of the pads.</summary>
    private Window Padded(string auto)
    {
        if (auto is "NOTSET" or "") return this;
        if (auto is "VALID") return this with { Begin = 0, End = 0 };
        if (!IsSame(auto)) throw ShapeScope.Fail($"auto_pad '{auto}' is not known");
        // As much as the last window reaches beyond the input; of an open size, the most that can be.
        return Shared(auto, Input < 0 ? Extent - Stride : checked((((Input + Stride - 1) / Stride) - 1) * Stride + Extent - Input));
    }

    /// <summary>The window with a sum of padding shared between both ends, SAME_UPPER having the odd element behind.</summary>
    private Window Shared(string auto, long total)
    {
        total = Math.Max(0, total);
        var begin = auto is "SAME_UPPER" ? total / 2 : total - total / 2;
        return this with { Begin = begin, End = total - begin };
    }

    /// <summary>How many windows there are.</summary>
    private long Positions(bool ceil)
    {
        var room = checked(Input + Begin + End - Extent);
        if (room < 0) throw ShapeScope.Fail($"a window of {Extent} does not fit into {Input} with padding {Begin} and {End}");
        var output = (ceil ? room + Stride - 1 : room) / Stride + 1;
        // A last window that would start in the padding behind the input is dropped.
        return ceil && (output - 1) * Stride >= Input + Begin ? output - 1 : output;
    }

    /// <summary>The windows of a ConvTranspose: Input and Output are its own, the window moves over the output.</summary>
    /// <inheritdoc cref="Of"/>
    public static Window[] OfTransposed(Node node, long[] input, long[] kernel)
    {
        var rank = kernel.Length;
        var (strides, dilations) = (Spatial(node, "strides", rank, 1, 1), Spatial(node, "dilations", rank, 1, 1));
        var pads = Spatial(node, "pads", 2 * rank, 0, int.MinValue);
        var extra = Spatial(node, "output_padding", rank, 0, 0);
        // output_shape may be given with or without batch and channels.
        var wanted = node.Ints("output_shape") is { Length: > 0 } shape ? shape.TakeLast(rank).ToArray() : null;
        if (wanted is not null && wanted.Length != rank) throw ShapeScope.Fail("output_shape has too few numbers");
        var auto = node.Text("auto_pad", "NOTSET");
        var isGiven = auto is "NOTSET" or "";
        return [.. Enumerable.Range(0, rank).Select(i =>
        {
            var size = input[i + 2];
            var window = new Window(size, kernel[i], strides[i], dilations[i], isGiven ? pads[i] : 0, isGiven ? pads[i + rank] : 0, wanted?[i] ?? Shapes.Unknown);
            var full = checked(((size - 1) * strides[i]) + extra[i] + window.Extent);
            // What SAME takes away of stride * input does not depend on the input.
            if (wanted is not null && size >= 0) window = window.Shared(auto, full - wanted[i]);
            else if (wanted is null && IsSame(auto)) window = window.Shared(auto, extra[i] + window.Extent - strides[i]);
            if (size < 0) return window with { Input = Shapes.Unknown };
            var output = wanted?[i] ?? full - window.Begin - window.End;
            return output < 0 ? throw ShapeScope.Fail($"the output would have size {output}") : window with { Output = output };
        })];
    }

    /// <summary>An attribute with one number for each spatial axis, or the same number for all of them.</summary>
    private static long[] Spatial(Node node, string attribute, int count, long otherwise, long atLeast)
    {
        var values = node.Ints(attribute);
        if (values is null) return [.. Enumerable.Repeat(otherwise, count)];
        if (values.Length != count) throw ShapeScope.Fail($"attribute '{attribute}' has {values.Length} numbers, {count} are needed");
        foreach (var value in values)
            if (value < atLeast || value > int.MaxValue) throw ShapeScope.Fail($"attribute '{attribute}' holds {value}");
        return values;
    }
}

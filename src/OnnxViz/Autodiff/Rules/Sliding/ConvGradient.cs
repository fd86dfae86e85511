using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class ConvGradient
{
    /// <summary>
    /// The adjoint of a convolution. With stride 1 it is again a convolution, with the kernel flipped along its spatial axes and
    /// its channels exchanged, which ONNX Runtime runs several times faster than ConvTranspose; else ConvTranspose.
    /// </summary>
    public static Value?[] Conv(GradientContext g)
    {
        var weight = g.X(1);
        var group = g.Node.Int("group", 1);
        var windows = new Windows(g, KernelOf(g));
        var dx = Array.TrueForAll(windows.Strides, s => s == 1) ? Flipped(g, windows, group) : windows.Spread(g.DY, weight, group);
        return
        [
            dx,
            weight.Constant is null ? new ConvWeightGradient(g, windows.Moves, group).Of(g.Pad(g.X(), windows.Pads()), g.DY) : null,
            BiasGradient(g),
        ];
    }

    /// <summary>A transposed convolution is the adjoint of the convolution with the same weight, which is its own adjoint.</summary>
    public static Value?[] ConvTranspose(GradientContext g)
    {
        var kernel = KernelOf(g);
        var windows = Window.OfTransposed(g.Node, g.X().Dims!, kernel);
        if (g.Node.Ints("output_shape") is { Length: > 0 } && Array.Exists(windows, w => w.Input < 0))
            throw OnnxVizException.Input($"The gradient of {g.Node} needs the size of its input, which is open, to know how it reaches output_shape.");
        long[] pads = [.. windows.Select(w => w.Begin), .. windows.Select(w => w.End)];
        var group = g.Node.Int("group", 1);
        var back = g.Emit(
            "Conv",
            [g.DY, g.X(1)],
            ("kernel_shape", kernel), ("strides", Array.ConvertAll(windows, w => w.Stride)),
            ("dilations", Array.ConvertAll(windows, w => w.Dilation)), ("pads", pads), ("group", group));
        // Output padding of a stride or more makes room for windows that the input did not have.
        if (back.HasStaticShape ? !back.Dims!.SequenceEqual(g.X().Dims!) : g.Node.Has("output_padding"))
            back = g.Slice(back, g.Longs(new long[kernel.Length]), g.SpatialSizes(g.X()), Shapes.Axes(2, kernel.Length));
        var dW = g.X(1).Constant is null ? new ConvWeightGradient(g, windows, group).Of(g.Pad(g.DY, Covered(g, windows)), g.X()) : null;
        return [back, dW, BiasGradient(g)];
    }

    /// <summary>Pads, or crops, the output of a transposed convolution to just what its windows cover.</summary>
    private static long[] Covered(GradientContext g, Window[] windows)
    {
        var extra = g.Node.Ints("output_padding");
        var ends = windows.Select((w, i) => w.Input >= 0 && w.Output >= 0
            ? ((w.Input - 1) * w.Stride) + w.Extent - w.Begin - w.Output
            : w.End - (extra?[i] ?? 0));
        return [0, 0, .. windows.Select(w => w.Begin), 0, 0, .. ends];
    }

    private static long[] KernelOf(GradientContext g) => g.X(1).Dims is { } dims && Shapes.IsStatic(dims)
        ? dims[2..]
        : g.Node.Ints("kernel_shape") ?? throw OnnxVizException.Input($"The gradient of {g.Node} needs the size of its kernel, which is computed while the model runs.");

    private static Value Flipped(GradientContext g, Windows w, long group)
    {
        // The pads of a window that moves by 1 do not depend on the size of the picture.
        var declared = w.Begin.Constant!.ToLongs().Concat(w.DeclaredEnd.Constant?.ToLongs() ?? SamePads(w)).ToArray();
        var (pads, starts, ends) = (new long[2 * w.Rank], new long[w.Rank], new long[w.Rank]);
        for (var i = 0; i < w.Rank; i++)
        {
            // A window padded by more than its own extent sees outputs of which no input has a part.
            var (begin, end) = (w.Extents[i] - 1 - declared[i], w.Extents[i] - 1 - declared[i + w.Rank]);
            (pads[i], pads[i + w.Rank]) = (Math.Max(0, begin), Math.Max(0, end));
            (starts[i], ends[i]) = (Math.Max(0, -begin), end < 0 ? end : long.MaxValue);
        }

        var dy = starts.Any(s => s > 0) || ends.Any(e => e < 0) ? g.Slice(g.DY, starts, ends, w.Axes) : g.DY;
        return g.Emit(
            "Conv",
            [dy, FlippedWeight(g, g.X(1), group)],
            ("kernel_shape", w.Kernel), ("pads", pads), ("dilations", w.Dilations), ("group", group));
    }

    /// <summary>What auto_pad SAME adds behind the picture when the window moves by 1.</summary>
    private static IEnumerable<long> SamePads(Windows w) => w.Extents.Zip(w.Begin.Constant!.ToLongs(), (extent, begin) => extent - 1 - begin);

    /// <summary>[M, C/group, k] to [C, M/group, k], every kernel flipped along its spatial axes.</summary>
    private static Value FlippedWeight(GradientContext g, Value weight, long group)
    {
        var dims = weight.StaticDims();
        var rank = dims.Length - 2;
        var (perGroup, inputs) = (dims[0] / group, dims[1]);
        var swap = Shapes.Axes(0, rank + 3);
        (swap[1], swap[2]) = (2, 1);
        var swapped = g.Transpose(g.Reshape(weight, [group, perGroup, inputs, .. dims[2..]]), swap);
        var result = g.Reshape(swapped, [group * inputs, perGroup, .. dims[2..]]);
        long[] flipped = [.. Enumerable.Range(0, rank).Where(i => dims[i + 2] > 1).Select(i => (long)i + 2)];
        if (flipped.Length == 0) return result;
        var back = Array.ConvertAll(flipped, _ => -1L);
        return g.Slice(result, back, Array.ConvertAll(flipped, _ => long.MinValue + 1), flipped, back);
    }

    private static Value? BiasGradient(GradientContext g) => g.Has(2) && g.X(2).Constant is null
        ? g.ReduceSum(g.DY, [0, .. Shapes.Axes(2, g.DY.Rank - 2)], keep: false)
        : null;
}

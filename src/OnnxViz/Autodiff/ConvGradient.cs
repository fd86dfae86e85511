using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class ConvGradient
{
    /// <summary>
    /// The adjoint of a convolution. With stride 1 it is again a convolution, with the kernel turned by 180 degrees and
    /// its channels exchanged, which ONNX Runtime runs several times faster than ConvTranspose; else ConvTranspose.
    /// </summary>
    public static Value?[] Conv(GradientContext g)
    {
        if (g.Has(2) && g.X(2).Constant is null || g.X(1).Constant is null)
            throw OnnxVizException.Input($"No gradient rule for {g.Node} with a computed weight.");
        var weight = g.X(1);
        var kernel = weight.StaticDims()[2..];
        var windows = new Windows(g.Node, g.X().StaticDims()[2..], g.Y().StaticDims()[2..], kernel);
        return [Array.TrueForAll(windows.Strides, s => s == 1) ? Turned(g, weight, windows) : Transposed(g, weight, windows)];
    }

    private static Value Turned(GradientContext g, Value weight, Windows w)
    {
        var pads = new long[2 * w.Rank];
        var crop = new long[2 * (w.Rank + 2)];
        for (var i = 0; i < w.Rank; i++)
        {
            // A window padded by more than its own extent sees outputs of which no input has a part.
            var (begin, end) = (w.Extent(i) - 1 - w.Begin[i], w.Extent(i) - 1 - w.End(i));
            (pads[i], pads[i + w.Rank]) = (Math.Max(0, begin), Math.Max(0, end));
            (crop[i + 2], crop[i + 4 + w.Rank]) = (Math.Min(0, begin), Math.Min(0, end));
        }

        var group = g.Node.Int("group", 1);
        return g.Emit(
            "Conv",
            [g.Pad(g.DY, crop), TurnedWeight(g, weight, group)],
            ("kernel_shape", w.Kernel), ("pads", pads), ("dilations", w.Dilations), ("group", group));
    }

    /// <summary>[M, C/group, k] to [C, M/group, k], every kernel turned by 180 degrees.</summary>
    private static Value TurnedWeight(GradientContext g, Value weight, long group)
    {
        var dims = weight.StaticDims();
        var rank = dims.Length - 2;
        var (perGroup, inputs) = (dims[0] / group, dims[1]);
        var swap = Enumerable.Range(0, rank + 3).Select(i => (long)i).ToArray();
        (swap[1], swap[2]) = (2, 1);
        var swapped = g.Transpose(g.Reshape(weight, [group, perGroup, inputs, .. dims[2..]]), swap);
        var result = g.Reshape(swapped, [group * inputs, perGroup, .. dims[2..]]);
        long[] turned = [.. Enumerable.Range(0, rank).Where(i => dims[i + 2] > 1).Select(i => (long)i + 2)];
        if (turned.Length == 0) return result;
        var back = Array.ConvertAll(turned, _ => -1L);
        return g.Slice(result, back, Array.ConvertAll(turned, _ => long.MinValue + 1), turned, back);
    }

    private static Value Transposed(GradientContext g, Value weight, Windows w)
    {
        var symmetric = true;
        var padding = new long[w.Rank];
        for (var i = 0; i < w.Rank; i++)
        {
            // ConvTranspose knows one padding for both ends on CUDA and makes up for positions that no window
            // reached by output_padding.
            padding[i] = w.Begin[i] - w.End(i);
            symmetric &= padding[i] >= 0 && padding[i] < Math.Max(w.Strides[i], w.Dilations[i]);
        }

        var shared = new (string, object)[]
        {
            ("kernel_shape", w.Kernel), ("strides", w.Strides), ("dilations", w.Dilations), ("group", g.Node.Int("group", 1)),
        };
        return symmetric
            ? g.Emit("ConvTranspose", [g.DY, weight], [.. shared, ("pads", (long[])[.. w.Begin, .. w.Begin]), ("output_padding", padding)])
            : g.Pad(g.Emit("ConvTranspose", [g.DY, weight], shared), w.Pads(-1));
    }
}

using OnnxViz.Graphs.Inference;

namespace OnnxViz.Training;

/// <summary>
/// A convolution of very small pictures as one product: what every window of the batch sees is a row, [N O, C k], and the
/// weight, as it is, the other matrix. ONNX Runtime multiplies picture by picture, a few columns at a time, when the weight
/// is no constant. The gradients follow from the product's, and need no flipped weight.
/// </summary>
internal static class UnrolledConvolution
{
    /// <summary>Windows of a picture from which on ONNX Runtime's own way is as fast (measured with 512 channels: 4 windows 3.5 times slower, 16 equal).</summary>
    private const long Enough = 16;

    /// <param name="node">A Conv.</param>
    /// <param name="x">What it is given in training, [N, C, spatial].</param>
    public static bool Pays(Node node, Value x) =>
        node is { OpType: "Conv", Domain: "" } && node.Int("group", 1) == 1 && x.HasStaticShape && x.Dims![0] > 1
        && Windows(node, x, node.Required(1)).Aggregate(1L, (n, w) => n * w.Output) < Enough;

    /// <param name="b">Receives the nodes.</param>
    /// <param name="node">The convolution.</param>
    /// <param name="x">[N, C, spatial].</param>
    /// <param name="weight">[M, C, kernel].</param>
    /// <param name="bias">[M].</param>
    /// <returns>[N, M, windows].</returns>
    public static Value Emit(GraphBuilder b, Node node, Value x, Value weight, Value? bias)
    {
        using var scope = b.Scope(node.Name);
        var windows = Windows(node, x, weight);
        var rank = windows.Length;
        var (batch, inputs, outputs) = (x.Dims![0], x.Dims[1], weight.StaticDims()[0]);
        var axes = Shapes.Axes(1, rank);
        long[] sizes = Array.ConvertAll(windows, w => w.Output);
        var rows = batch * Shapes.Count(sizes);
        var padded = b.Pad(b.Transpose(x, [0, .. Shapes.Axes(2, rank), 1]), [0, .. windows.Select(w => w.Begin), 0, 0, .. windows.Select(Behind), 0]);
        Value[] seen = [.. Enumerable.Range(0, Window.Taps(windows)).Select(tap => b.Reshape(Seen(Window.Offset(windows, tap)), rows, inputs, 1))];
        var all = b.Reshape(seen.Length == 1 ? seen[0] : b.Concat(2, seen), rows, inputs * seen.Length);
        var product = b.Emit("Gemm", [all, b.Reshape(weight, outputs, inputs * seen.Length), bias], ("transB", 1L));
        return b.Transpose(b.Reshape(product, [batch, .. sizes, outputs]), [0, rank + 1, .. axes]);

        Value Seen(long[] offset)
        {
            long[] ends = [.. windows.Zip(offset, (w, o) => o + ((w.Output - 1) * w.Stride) + 1)];
            return b.Slice(padded, offset, ends, axes, Array.TrueForAll(windows, w => w.Stride == 1) ? null : Array.ConvertAll(windows, w => w.Stride));
        }
    }

    /// <summary>Padding, or with a negative number what no window reaches.</summary>
    private static long Behind(Window w) => ((w.Output - 1) * w.Stride) + w.Extent - w.Input - w.Begin;

    private static Window[] Windows(Node node, Value x, Value weight) => Window.Of(node, x.Dims!, weight.StaticDims()[2..]);
}

using OnnxViz.Graphs.Inference;

namespace OnnxViz.Rewriting;

/// <summary>
/// Puts forms that CUDA runs well in the place of transposed convolutions that it does not: those in groups, which are launched
/// group by group from the host (3.6 ms for 512 channels on an H200, whatever the batch), and those with different padding at both
/// ends, which leave the GPU. The rest of the graph stays as it is. Whatever is run on a GPU goes through here, forward or backward,
/// compiled now or prepared before: what a graph is compiled to does not depend on the device, and a prepared folder serves all.
/// </summary>
internal sealed class CudaForms : IRewrite
{
    /// <returns>The graph itself where nothing has to be changed, else a copy of it; its values keep their names.</returns>
    public static Graph Apply(Graph graph) => GraphCopy.Of(graph, [new CudaForms()]);

    public Value? Of(Node node, GraphCopy copy) => IsChanged(node)
        ? new TransposedConvolution(copy.Builder, node, Array.ConvertAll(node.Inputs, i => i is null ? null : copy[i])).Emit()
        : null;

    /// <summary>Whether CUDA would run the node channel by channel, or not at all.</summary>
    public static bool IsChanged(Node node) => node is { OpType: "ConvTranspose", Domain: "" }
        && Shapes.IsStatic(node.Input(1)?.Dims) && node.Input(0)?.Dims is { } dims && (node.Int("group", 1) > 1 || !IsSymmetric(node, dims)) && HasPads(node, dims);

    private static bool IsSymmetric(Node node, long[] dims)
    {
        if (node.Text("auto_pad", "NOTSET") is not ("NOTSET" or "" or "VALID")) return false;
        return node.Ints("output_shape") is { Length: > 0 }
            ? Window.OfTransposed(node, dims, node.Required(1).Dims![2..]).All(w => w.Begin == w.End)
            : node.Ints("pads") is not { } pads || pads.Take(pads.Length / 2).SequenceEqual(pads.Skip(pads.Length / 2));
    }

    /// <summary>What output_shape takes away on both sides depends on the size of the input.</summary>
    private static bool HasPads(Node node, long[] dims) => node.Ints("output_shape") is not { Length: > 0 } || Shapes.IsStatic(dims[2..]);
}

namespace OnnxViz.Runtime.Memory;

/// <summary>
/// The memory that a graph takes at its height while it runs, of what its shapes tell: each result lives from the node that computes it
/// to the last that reads it. Less than in truth, so that nothing is refused that would fit: weights are in their file, what
/// kernels need for themselves is not known, and element-wise operators write over what nobody else reads.
/// </summary>
internal static class MemoryNeed
{
    /// <summary>Results that are another view of the same memory.</summary>
    private static readonly HashSet<string> Views = ["Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Dropout"];

    /// <summary>Operators that read their input more than once.</summary>
    private static readonly HashSet<string> Windowed =
        ["Conv", "ConvTranspose", "MatMul", "Gemm", "MaxPool", "AveragePool", "LpPool", "Transpose", "DepthToSpace", "SpaceToDepth", "Resize", "LRN", "GridSample", "Gather", "Slice", "Concat", "Pad"];

    /// <param name="graph">In the order in which it runs.</param>
    /// <returns>Bytes.</returns>
    public static double Of(Graph graph)
    {
        var (readers, buffers) = (Readers(graph), new Dictionary<Value, Buffer>());
        double live = 0, peak = 0;
        foreach (var input in graph.Inputs) live += Place(input, new Buffer(Bytes(input)));
        peak = live;
        foreach (var node in graph.Nodes)
        {
            // Between them what a node reads has its last reader, and is written over where that can be.
            foreach (var output in node.Outputs)
            {
                var size = Bytes(output);
                var shared = Views.Contains(node.OpType) ? Known(node.Input(0))
                    : Windowed.Contains(node.OpType) ? null
                    : node.Inputs.Select(Known).FirstOrDefault(b => b is { Readers: 1 } && b.Bytes == size);
                live += Place(output, shared ?? new Buffer(size));
            }

            peak = Math.Max(peak, live);
            foreach (var read in node.Needs()) live -= Leave(read);
            foreach (var output in node.Outputs.Where(o => !readers.ContainsKey(o))) live -= Leave(output);
        }

        return peak;

        Buffer? Known(Value? value) => value is not null ? buffers.GetValueOrDefault(value) : null;

        // Whoever reads the value reads the buffer; one that nobody reads is there for the moment.
        double Place(Value value, Buffer buffer)
        {
            var isNew = buffer.Readers == 0;
            buffer.Readers += Math.Max(1, readers.GetValueOrDefault(value));
            buffers[value] = buffer;
            return isNew ? buffer.Bytes : 0;
        }

        double Leave(Value value) => buffers.GetValueOrDefault(value) is { } buffer && --buffer.Readers == 0 ? buffer.Bytes : 0;
    }

    /// <exception cref="OnnxVizException">The graph needs more than is free.</exception>
    public static void Require(Graph graph, long free)
    {
        var need = Of(graph);
        if (need <= free) return;
        throw OnnxVizException.Machine(
            $"This would take {need / 1e9:0.0} GB of memory ({need:0} bytes) at least, and {free / 1e9:0.0} GB ({free} bytes) are free; use a smaller size of the picture, or less at once.",
            argument: "Size");
    }

    private static Dictionary<Value, int> Readers(Graph graph)
    {
        var readers = new Dictionary<Value, int>();
        foreach (var value in graph.Nodes.SelectMany(n => n.Needs()).Concat(graph.Outputs)) readers[value] = readers.GetValueOrDefault(value) + 1;
        return readers;
    }

    private static double Bytes(Value value) =>
        value is { HasStaticShape: true, Constant: null } ? value.Dims!.Aggregate(1.0, (count, d) => count * d) * Math.Max(1, value.Type.Size()) : 0;

    private sealed class Buffer(double bytes)
    {
        public double Bytes { get; } = bytes;

        /// <summary>Reads that are still to come, of all values that lie in it.</summary>
        public int Readers { get; set; }
    }
}

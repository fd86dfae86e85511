using OnnxViz.Graphs.Inference;

namespace OnnxViz.Graphs.Cuda;

/// <summary>
/// Puts forms that CUDA runs well in the place of transposed convolutions that it does not: those in groups, which are launched
/// group by group from the host (3.6 ms for 512 channels on an H200, whatever the batch), and those with different padding at both
/// ends, which leave the GPU. The rest of the graph stays as it is. Whatever is run on a GPU goes through here, forward or backward,
/// compiled now or prepared before: what a graph is compiled to does not depend on the device, and a prepared folder serves all.
/// </summary>
internal static class CudaForms
{
    /// <returns>The graph itself where nothing has to be changed, else a copy of it; its values keep their names.</returns>
    public static Graph Apply(Graph graph)
    {
        if (!graph.Nodes.Exists(IsChanged)) return graph;
        var builder = new GraphBuilder(graph.Name, graph.Opset);
        foreach (var value in graph.Values()) builder.Unique(value.Name);
        var copies = new Dictionary<Value, Value>();
        foreach (var node in graph.Nodes)
        {
            var inputs = Array.ConvertAll(node.Inputs, x => x is null ? null : copies.GetValueOrDefault(x, x));
            if (IsChanged(node))
            {
                using var scope = builder.Scope(node.Name, fromRoot: true);
                Keep(node.Outputs[0], new TransposedConvolution(builder, node, inputs).Emit());
            }
            else if (inputs.SequenceEqual(node.Inputs))
            {
                builder.Graph.Nodes.Add(node);
            }
            else
            {
                Value[] outputs = [.. node.Outputs.Select(y => new Value(y.Name) { Type = y.Type, Dims = y.Dims })];
                builder.Graph.Nodes.Add(new Node(node.OpType, node.Name, inputs, outputs, node.Attributes, node.Domain));
                foreach (var (old, copy) in node.Outputs.Zip(outputs)) copies[old] = copy;
            }
        }

        return new Graph
        {
            Name = graph.Name,
            Opset = graph.Opset,
            Domains = graph.Domains,
            Inputs = graph.Inputs,
            Outputs = [.. graph.Outputs.Select(y => copies.GetValueOrDefault(y, y))],
            Nodes = builder.Graph.Nodes,
        };

        void Keep(Value old, Value copy)
        {
            // One that is used elsewhere under its own name gets a node of its own.
            if (copy.Producer is null || copies.ContainsValue(copy)) copy = builder.Node("Identity", [copy], fold: false)[0];
            copy.Name = old.Name;
            copies[old] = copy;
        }
    }

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

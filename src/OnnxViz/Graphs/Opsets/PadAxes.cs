namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Makes graphs safe from ONNX Runtime's rewrite Pad_Fusion, which is on by default and cannot be switched off from every
/// language: up to 1.31 it takes a Pad with zeros before a MaxPool for the pool's own padding, which is -infinity, and
/// in 1.29, which runs prepared graphs in the examples for Node and the browser, leaves nodes before a Conv unconnected that other
/// rewrites then remove. It leaves alone a Pad that names its axes.
/// </summary>
internal static class PadAxes
{
    private const int FirstOpset = 18;

    /// <summary>The same graph in which every Pad in front of windows says that it pads all axes.</summary>
    public static Graph Named(Graph graph)
    {
        if (graph.Opset < FirstOpset) return graph;
        var fused = graph.Nodes.Where(n => n.OpType is "Conv" or "MaxPool" or "AveragePool").Select(n => n.Required(0)).ToHashSet();
        var nodes = graph.Nodes.ConvertAll(node => node is { OpType: "Pad", Domain: "" } && node.Input(3) is null
            && fused.Contains(node.Outputs[0]) && node.Required(0).Dims is { } dims
            ? new Node(node.OpType, node.Name, [node.Inputs[0], node.Inputs[1], node.Input(2), All(node, dims.Length)], node.Outputs, node.Attributes)
            : node);
        return new Graph { Name = graph.Name, Opset = graph.Opset, Domains = graph.Domains, Inputs = graph.Inputs, Outputs = graph.Outputs, Nodes = nodes };
    }

    private static Value All(Node node, int rank)
    {
        var axes = Tensor.Longs(Shapes.Axes(0, rank));
        return new Value($"{node.Outputs[0].Name}/axes") { Type = axes.Type, Dims = axes.Dims, Constant = axes };
    }
}

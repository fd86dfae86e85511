using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Puts standard operators in the place of what optimisers fuse and quantisers merge: a convolution that also adds and
/// rectifies, or one on integers. Done once when a model is loaded, so that layers, kernels, costs and every rule see
/// convolutions as such. A fused node's name stays with the last operator of its group and its tensors keep theirs.
/// </summary>
internal static class OperatorExpansion
{
    private const string Microsoft = "com.microsoft";

    private static readonly Dictionary<(string Domain, string OpType), Action<Expansion>> Rows = new()
    {
        [(Microsoft, "FusedConv")] = FusedOperators.Conv,
        [(Microsoft, "FusedGemm")] = FusedOperators.Gemm,
        [(Microsoft, "DequantizeLinear")] = e => e.Last("DequantizeLinear", e.Node.Inputs, e.Node.AttributesWithout()),
        [(Microsoft, "QuantizeLinear")] = e => e.Last("QuantizeLinear", e.Node.Inputs, e.Node.AttributesWithout()),
        [("", "ConvInteger")] = e => IntegerOperators.Whole(e, "Conv"),
        [("", "MatMulInteger")] = e => IntegerOperators.Whole(e, "MatMul"),
        [("", "DynamicQuantizeLinear")] = IntegerOperators.Dynamic,
        [("", "QLinearConv")] = IntegerOperators.Conv,
        [(Microsoft, "QLinearConv")] = IntegerOperators.Conv,
        [("", "QLinearMatMul")] = e => IntegerOperators.Pair(e, "MatMul"),
        [(Microsoft, "QLinearAdd")] = e => IntegerOperators.Pair(e, "Add"),
        [(Microsoft, "QLinearMul")] = e => IntegerOperators.Pair(e, "Mul"),
        [(Microsoft, "QLinearAveragePool")] = e => IntegerOperators.Single(e, "AveragePool"),
        [(Microsoft, "QLinearGlobalAveragePool")] = e => IntegerOperators.Single(e, "GlobalAveragePool"),
        [(Microsoft, "QLinearLeakyRelu")] = e => IntegerOperators.Single(e, "LeakyRelu"),
        [(Microsoft, "QLinearSigmoid")] = e => IntegerOperators.Single(e, "Sigmoid"),
        [(Microsoft, "QLinearSoftmax")] = e => IntegerOperators.Single(e, "Softmax"),
        [(Microsoft, "QLinearConcat")] = IntegerOperators.Concat,
        [(Microsoft, "QGemm")] = IntegerOperators.Gemm,
    };

    /// <summary>The operators that are expanded; the standard domain is empty.</summary>
    public static IEnumerable<(string Domain, string OpType)> Operators => Rows.Keys;

    /// <summary>Changes the graph in place, the branches in it too.</summary>
    /// <exception cref="OnnxVizException">A node has an attribute whose meaning is not known.</exception>
    public static void Apply(Graph graph)
    {
        var names = new FreeNames();
        names.Reserve(graph.Nodes.Select(n => n.Name).Concat(graph.Values().Select(v => v.Name)));
        var nodes = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            foreach (var subgraph in node.Subgraphs) Apply(subgraph);
            if (Rows.TryGetValue((node.Domain, node.OpType), out var expand)) Malformed.Guard(node, "written with standard operators", () => { expand(new Expansion(node, graph.Opset, names, nodes)); return true; });
            else nodes.Add(node);
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(nodes);
        foreach (var node in graph.Nodes)
            if (node is { OpType: "QuantizeLinear", Domain: "" } && node.Outputs[0].Type == ElementType.Undefined)
                node.Outputs[0].Type = node.Input(2)?.Type ?? (ElementType)node.Int("output_dtype", (long)ElementType.UInt8);
    }
}

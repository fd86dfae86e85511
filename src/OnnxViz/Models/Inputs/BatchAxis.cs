namespace OnnxViz.Models.Inputs;

/// <summary>Networks for one picture whose input has no axis of pictures: [3, H, W], bytes [H, W, 3] as a camera gives them, or a row of numbers.</summary>
internal static class BatchAxis
{
    /// <summary>Axes come as an input from this opset on.</summary>
    private const int AxesAsInput = 13;

    /// <summary>Gives the input an axis of pictures, of length 1, where the graph itself adds one before its first convolution, or where it has a single axis.</summary>
    /// <param name="graph">Its list of inputs and nodes is changed.</param>
    /// <param name="input">One of its inputs.</param>
    /// <returns>The input that is to be fed.</returns>
    public static Value Added(Graph graph, Value input)
    {
        if (input.Dims is not { Length: >= 1 and <= 4 } dims || (dims.Length > 1 && !FirstUse.AddsBatch(graph, input))) return input;
        var batched = new Value(input.Name) { Type = input.Type, Dims = [1, .. dims], Denotation = input.Denotation };
        input.Name += "/picture";
        var axes = Tensor.Longs(0);
        var hasInput = graph.Opset >= AxesAsInput;
        var squeeze = new Node(
            "Squeeze", input.Name,
            hasInput ? [batched, new Value($"{input.Name}/axes") { Type = axes.Type, Dims = axes.Dims, Constant = axes }] : [batched],
            [input],
            hasInput ? null : new Dictionary<string, object> { ["axes"] = new long[] { 0 } });
        graph.Inputs[graph.Inputs.IndexOf(input)] = batched;
        graph.Nodes.Insert(0, squeeze);
        return batched;
    }
}

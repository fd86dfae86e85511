namespace OnnxViz.Graphs.Opsets;

/// <summary>RNN, GRU and LSTM with the batch first (layout 1, opset 14), which ONNX Runtime has no kernels for, as those with the sequence first.</summary>
internal static class RecurrentLayouts
{
    public static Value[] StepsFirst(Conversion c)
    {
        if (c.Node.Int("layout", 0) == 0) return c.Final(c.Node.OpType, c.Inputs, c.Node.AttributesWithout("layout"));
        var inputs = c.Inputs.Select((x, i) => x is not null && i is 0 or 5 or 6 ? c.Transpose(x!, 1, 0, 2) : x).ToArray();
        var results = c.Builder.Node(c.Node.OpType, inputs, c.Node.AttributesWithout("layout"), c.Node.Outputs.Length, c.Node.Name);
        return [.. results.Select((y, i) => i == 0 ? c.Transpose(y, 2, 0, 1, 3) : c.Transpose(y, 1, 0, 2))];
    }
}

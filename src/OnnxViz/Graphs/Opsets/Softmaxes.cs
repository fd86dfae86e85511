namespace OnnxViz.Graphs.Opsets;

/// <summary>Softmax, LogSoftmax and Hardmax before opset 13 took the input as a matrix, cut in two at the axis.</summary>
internal static class Softmaxes
{
    public static Value[] Flattened(Conversion c)
    {
        var (x, op) = (c.X(), c.Node.OpType);
        var axis = c.Node.Int("axis", 1);
        if (x.Dims is { } dims)
        {
            var at = Shapes.Axis(axis, dims.Length);
            // One axis alone behind the cut is what an axis means today.
            if (dims[(at + 1)..].All(d => d == 1)) return c.Final(op, [x], new() { ["axis"] = (long)at });
        }

        var shape = c.Emit("Shape", [x]);
        var flat = c.Emit("Flatten", [x], ("axis", axis));
        var result = c.Emit(op, [flat], ("axis", -1L));
        return c.Final("Reshape", [result, shape]);
    }
}

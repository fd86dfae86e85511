namespace OnnxViz.Graphs.Inference;

/// <summary>QuantizeLinear and DequantizeLinear: the shape stays, the type changes.</summary>
internal static class QuantizeShapes
{
    public static void Quantize(ShapeScope s)
    {
        CheckScale(s);
        var type = s.Given(2) ? s.Type(2) : (ElementType)s.Node.Int("output_dtype", 0);
        s.Set(s.Node.Required(0).Dims, type == ElementType.Undefined ? ElementType.UInt8 : type);
    }

    public static void Dequantize(ShapeScope s)
    {
        CheckScale(s);
        s.Set(s.Node.Required(0).Dims, s.Type(1));
    }

    /// <summary>One scale for all, or one for each element along the axis; blocks (opset 21) are left to ONNX Runtime.</summary>
    private static void CheckScale(ShapeScope s)
    {
        if (s.X(1) is [var n] && n != 1 && s.X() is { Length: > 0 } x && s.Node.Int("block_size", 0) == 0)
            ShapeScope.Match(n, x[Shapes.Axis(s.Node.Int("axis", 1), x.Length)], "scales against the axis");
    }
}

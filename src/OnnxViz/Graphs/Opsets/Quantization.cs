namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// QuantizeLinear and DequantizeLinear with the quantised numbers in between held as float32, exactly. So whatever moves
/// or compares them has its kernels on every device and its gradient, and ONNX Runtime finds no pairs to replace by its
/// integer kernels, which round elsewhere than the graph says (scores of a small network 3 to 5 % off): it computes the
/// same whoever runs it, however.
/// </summary>
internal static class Quantization
{
    // The operands of these are of one type, so a constant beside numbers that are held as floats has to be held so as well.
    private static readonly HashSet<string> OfOneType = ["Clip", "Concat", "Max", "Min", "Pad", "Where"];

    /// <summary>The opset that lets numbers have 16 bits.</summary>
    public const int SixteenBits = 21;

    public static Value[] Quantize(Conversion c)
    {
        if (c.Node.Int("block_size", 0) != 0) throw c.Impossible("its scales are in blocks");
        var zero = ZeroPoint(c);
        if (zero.Type is not (ElementType.Int8 or ElementType.UInt8) && c.Builder.Graph.Opset < SixteenBits)
            throw c.Impossible($"quantised numbers of type {zero.Type} are newer");
        var numbers = c.Emit("QuantizeLinear", [c.X(), c.X(1), zero], Axis(c));
        // A weight that is quantised in the graph is as good as one that is stored so.
        return numbers.Constant is not null ? [numbers] : c.Final("Cast", [numbers], new() { ["to"] = (long)ElementType.Float });
    }

    public static Value[] Dequantize(Conversion c)
    {
        var isInBlocks = c.Node.Int("block_size", 0) != 0;
        if (!c.X().Type.IsFloating()) return c.Final("DequantizeLinear", c.Inputs, isInBlocks ? c.Node.AttributesWithout() : c.Node.AttributesWithout("block_size", "output_dtype"));
        if (isInBlocks) throw c.Impossible("its scales are in blocks");
        var shifted = QuantizationParameters.IsZero(c.Input(2)) ? c.X() : c.Sub(c.X(), c.AlongAxis(c.Node, c.X(), c.Cast(c.X(2), ElementType.Float)));
        return c.Final("Mul", [shifted, c.AlongAxis(c.Node, c.X(), c.X(1))]);
    }

    /// <summary>Constants of 8 and 16 bits as floats where they stand beside floats: the file had them of one type.</summary>
    public static void Align(GraphBuilder builder, Node node, Value?[] inputs)
    {
        if (node.Domain.Length > 0 || !OfOneType.Contains(node.OpType) || !inputs.Any(i => i?.Type == ElementType.Float)) return;
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i] is { Constant: not null } number && number.Type.IntegerRange() is not null)
                inputs[i] = builder.Cast(number, ElementType.Float);
    }

    private static (string, object)[] Axis(Conversion c) => c.X(1).Rank > 0 && c.Node.Has("axis") ? [("axis", c.Node.Int("axis", 1))] : [];

    /// <summary>Always given, because of what opset 21 says by an attribute older opsets know only this form.</summary>
    private static Value ZeroPoint(Conversion c)
    {
        if (c.Input(2) is { } given) return given;
        var type = (ElementType)c.Node.Int("output_dtype", 0);
        var dims = c.X(1).StaticDims();
        var zeros = Tensor.Of(new float[Shapes.Count(dims)], dims);
        return c.Builder.Constant(Folding.Casting.To(zeros, type == ElementType.Undefined ? ElementType.UInt8 : type));
    }
}

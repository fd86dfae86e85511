namespace OnnxViz.Graphs.Emit;

/// <summary>Scales and zero points of QuantizeLinear and DequantizeLinear.</summary>
internal static class QuantizationParameters
{
    /// <summary>One scale or zero point for each place along the node's axis of x, in the shape that broadcasts there.</summary>
    public static Value AlongAxis(this IEmitter e, Node node, Value x, Value numbers)
    {
        if (numbers.Dims is not [> 1]) return numbers;
        var after = x.Rank - Shapes.Axis(node.Int("axis", 1), x.Rank) - 1;
        return after == 0 ? numbers : e.Reshape(numbers, [-1, .. Enumerable.Repeat(1L, after)]);
    }

    /// <summary>Whether a zero point is left out or 0 everywhere.</summary>
    public static bool IsZero(Value? zeroPoint) => zeroPoint is null || All(zeroPoint, 0);

    /// <summary>Whether nothing below zero survives a QuantizeLinear.</summary>
    public static bool StartsAtZero(Node quantize) =>
        quantize.Outputs[0].Type.IntegerRange() is { } range && (quantize.Input(2) is { } zero ? All(zero, range.Low) : range.Low == 0);

    private static bool All(Value value, long number) => value.Constant is { } known && Array.TrueForAll(known.ToLongs(), n => n == number);
}

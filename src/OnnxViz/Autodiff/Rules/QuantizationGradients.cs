namespace OnnxViz.Autodiff.Rules;

/// <summary>
/// Straight through: rounding counts as the identity, saturation as a clip, as PyTorch's fake_quantize differentiates
/// them. Gradients of quantised numbers are float32, with respect to the numbers as they are stored.
/// </summary>
internal static class QuantizationGradients
{
    /// <summary>y = clip(round(x / scale) + zero point, low, high): 1 / scale where the clip does nothing, bounds included.</summary>
    public static Value?[] Quantize(GradientContext g)
    {
        var (low, high) = g.Y().Type.IntegerRange() ?? throw OnnxVizException.Input($"{g.Node}: no gradient of numbers of type {g.Y().Type}.");
        var rounded = g.Emit("Round", [g.Div(g.X(), Along(g, g.X(1)))]);
        if (!QuantizationParameters.IsZero(g.Node.Input(2))) rounded = g.Add(rounded, Along(g, g.Cast(g.X(2), ElementType.Float)));
        var inside = g.And(g.GreaterOrEqual(rounded, g.Scalar(low, rounded.Type)), g.LessOrEqual(rounded, g.Scalar(high, rounded.Type)));
        return [g.WhereOrZero(inside, PerInput(g, g.DY))];
    }

    /// <summary>y = (x - zero point) * scale.</summary>
    public static Value?[] Dequantize(GradientContext g) => [g.Mul(g.DY, Along(g, g.X(1)))];

    /// <summary>A gradient with respect to a node's result as one with respect to its input: of a quantised number by its scale.</summary>
    public static Value PerInput(GradientContext g, Value gradient) =>
        g.Node.OpType == "QuantizeLinear" ? g.Div(gradient, Along(g, g.X(1))) : gradient;

    private static Value Along(GradientContext g, Value numbers) => g.AlongAxis(g.Node, g.X(), numbers);
}

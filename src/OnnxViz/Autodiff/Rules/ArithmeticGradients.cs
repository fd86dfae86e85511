namespace OnnxViz.Autodiff.Rules;

internal static class ArithmeticGradients
{
    /// <summary>d x^p = p x^(p-1); the exponent's own gradient is x^p ln x, taken as 0 where x is not positive.</summary>
    public static Value?[] Pow(GradientContext g)
    {
        var exponent = g.X(1);
        if (exponent.Constant is { } known) return [g.Mul(g.DY, Slope(g, exponent, known)), null];
        var positive = g.Greater(g.X(0), g.Scalar(0));
        var log = g.WhereOrZero(positive, g.Emit("Log", [g.Where(positive, g.X(0), g.Scalar(1))]));
        return [g.Mul(g.DY, Slope(g, exponent, null)), g.Mul(g.DY, g.Mul(g.Y(), log))];
    }

    /// <summary>Min and Max: tied inputs share the gradient evenly, as PyTorch's minimum and maximum do.</summary>
    public static Value?[] Extremum(GradientContext g)
    {
        if (g.Node.Inputs.Length == 1) return [g.DY];
        var hits = g.Node.Inputs.Select((_, i) => g.Cast(g.Equal(g.X(i), g.Y()), g.DY.Type)).ToArray();
        var share = g.Div(g.DY, g.Emit("Sum", hits));
        return [.. hits.Select(hit => g.Mul(share, hit))];
    }

    /// <summary>To integers nothing passes; of integers that something did pass to, quantised ones, gradients are float32.</summary>
    public static Value?[] Cast(GradientContext g) =>
        [!g.Y().Type.IsFloating() ? null : g.Cast(g.DY, g.X().Type.IsFloating() ? g.X().Type : ElementType.Float)];

    /// <summary>p x^(p-1). The power is lowered, not divided by x, and left out where p is 0: x may be 0.</summary>
    private static Value Slope(GradientContext g, Value exponent, Tensor? known)
    {
        if (known is { Count: 1 } && known.ToDoubles()[0] is 2) return g.Mul(g.X(0), 2);
        var lowered = g.Emit("Pow", [g.X(0), g.Sub(exponent, g.Scalar(1, exponent.Type))]);
        var factor = g.Cast(exponent, g.Y().Type);
        var slope = g.Mul(factor, lowered);
        return known is not null && Array.TrueForAll(known.ToDoubles(), p => p != 0)
            ? slope
            : g.Where(g.Equal(factor, g.Scalar(0)), g.Scalar(0), slope);
    }
}

using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class ArithmeticGradients
{
    /// <summary>d x^p = p x^(p-1); the exponent's own gradient is x^p ln x, taken as 0 where x is not positive.</summary>
    public static Value?[] Pow(GradientContext g)
    {
        var exponent = g.X(1);
        // x^1 at x = 0 must not become 0^0 * 0 / 0: the power is lowered, not divided by x.
        var lowered = g.Emit("Pow", [g.X(0), g.Sub(exponent, g.Cast(g.Scalar(1), exponent.Type))]);
        var dx = g.Mul(g.DY, g.Mul(g.Cast(exponent, g.Y().Type), lowered));
        if (exponent.Constant is not null) return [dx, null];
        var positive = g.Greater(g.X(0), g.Scalar(0));
        return [dx, g.Mul(g.DY, g.Mul(g.Y(), g.Keep(positive, g.Emit("Log", [g.Where(positive, g.X(0), g.Scalar(1))]))))];
    }

    /// <summary>Min and Max: tied inputs share the gradient evenly, as PyTorch's minimum and maximum do.</summary>
    public static Value?[] Extremum(GradientContext g)
    {
        if (g.Node.Inputs.Length == 1) return [g.DY];
        var hits = g.Node.Inputs.Select((_, i) => g.Cast(g.Equal(g.X(i), g.Y()), ElementType.Float)).ToArray();
        var share = g.Div(g.DY, g.Emit("Sum", hits));
        return [.. hits.Select(hit => g.Mul(share, hit))];
    }
}

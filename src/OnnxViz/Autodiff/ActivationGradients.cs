using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

internal static class ActivationGradients
{
    /// <summary>
    /// 1 inside, 0 outside. On the bounds: 0 for Clip(0,6), Clip(0,inf) and Clip(-1,1), which are ReLU6, ReLU and
    /// Hardtanh, and 1 for all others, as torch.clamp has it.
    /// </summary>
    public static Value?[] Clip(GradientContext g)
    {
        var (low, high) = Activations.Bounds(g.Node);
        var open = (low, high) is (0, 6) or (0, float.PositiveInfinity) or (-1, 1);
        Value? inside = null;
        if (g.Has(1) && low != float.NegativeInfinity) inside = open ? g.Greater(g.X(), g.X(1)) : g.GreaterOrEqual(g.X(), g.X(1));
        if (g.Has(2) && high != float.PositiveInfinity)
        {
            var below = open ? g.Less(g.X(), g.X(2)) : g.LessOrEqual(g.X(), g.X(2));
            inside = inside is null ? below : g.And(inside, below);
        }

        return [inside is null ? g.DY : g.Keep(inside, g.DY)];
    }

    /// <summary>y = max(0, min(1, alpha x + beta)).</summary>
    public static Value?[] HardSigmoid(GradientContext g)
    {
        var inside = g.And(g.Greater(g.Y(), g.Scalar(0)), g.Less(g.Y(), g.Scalar(1)));
        return [g.Keep(inside, g.Mul(g.DY, g.Node.Float("alpha", 0.2f)))];
    }

    /// <summary>y = x max(0, min(1, x/6 + 1/2)): the derivative is 0 up to -3, 1 from 3, x/3 + 1/2 between.</summary>
    public static Value?[] HardSwish(GradientContext g)
    {
        var slope = g.Add(g.Mul(g.X(), 1 / 3f), g.Scalar(0.5f));
        var left = g.Keep(g.Greater(g.X(), g.Scalar(-3)), slope);
        return [g.Mul(g.DY, g.Where(g.Less(g.X(), g.Scalar(3)), left, g.Scalar(1)))];
    }

    /// <summary>y = x s with s = sigmoid(x), differentiated as one: s + y (1 - s).</summary>
    public static Value?[] Silu(GradientContext g)
    {
        var x = Activations.SiluInput(g.Node)!.Value;
        var s = g.X(1 - x);
        var result = new Value?[2];
        result[x] = g.Mul(g.DY, g.Add(s, g.Mul(g.Y(), g.Sub(g.Scalar(1), s))));
        return result;
    }

    /// <summary>y (dy - sum(dy y)) along the axis.</summary>
    public static Value?[] Softmax(GradientContext g)
    {
        var weighted = g.Mul(g.DY, g.Y());
        return [g.Sub(weighted, g.Mul(g.Y(), g.ReduceSum(weighted, [Axis(g)])))];
    }

    /// <summary>dy - exp(y) sum(dy) along the axis.</summary>
    public static Value?[] LogSoftmax(GradientContext g) =>
        [g.Sub(g.DY, g.Mul(g.Exp(g.Y()), g.ReduceSum(g.DY, [Axis(g)])))];

    private static long Axis(GradientContext g) => Shapes.Axis(g.Node.Int("axis", -1), g.X().Rank);
}

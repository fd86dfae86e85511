namespace OnnxViz.Autodiff.Rules;

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
        // What is inside open bounds is seen of the output as well, and the input need not be kept.
        var x = open ? g.Y() : g.X();
        Value? inside = null;
        if (g.Has(1) && low != float.NegativeInfinity) inside = open ? g.Greater(x, g.X(1)) : g.GreaterOrEqual(x, g.X(1));
        if (g.Has(2) && high != float.PositiveInfinity)
        {
            var below = open ? g.Less(x, g.X(2)) : g.LessOrEqual(x, g.X(2));
            inside = inside is null ? below : g.And(inside, below);
        }

        return [inside is null ? g.DY : g.WhereOrZero(inside, g.DY)];
    }

    /// <summary>y = max(0, min(1, alpha x + beta)).</summary>
    public static Value?[] HardSigmoid(GradientContext g)
    {
        var inside = g.And(g.Greater(g.Y(), g.Scalar(0)), g.Less(g.Y(), g.Scalar(1)));
        return [g.WhereOrZero(inside, g.Mul(g.DY, g.Node.Float("alpha", 0.2f)))];
    }

    /// <summary>y = x max(0, min(1, x/6 + 1/2)): the derivative is 0 up to -3, 1 from 3, x/3 + 1/2 between.</summary>
    public static Value?[] HardSwish(GradientContext g)
    {
        var slope = g.Add(g.Mul(g.X(), 1 / 3f), g.Scalar(0.5f));
        var left = g.WhereOrZero(g.Greater(g.X(), g.Scalar(-3)), slope);
        return [g.Mul(g.DY, g.Where(g.Less(g.X(), g.Scalar(3)), left, g.Scalar(1)))];
    }

    /// <summary>The constants of Klambauer et al. (arXiv:1706.02515), as ONNX has them by default.</summary>
    public static Value?[] Selu(GradientContext g)
    {
        var (alpha, gamma) = (g.Node.Float("alpha", 1.67326324f), g.Node.Float("gamma", 1.05070102f));
        var negative = g.Mul(g.DY, g.Mul(g.Exp(g.X()), alpha * gamma));
        return [g.Where(g.Greater(g.X(), g.Scalar(0)), g.Mul(g.DY, gamma), negative)];
    }

    /// <summary>y = x t with t = tanh(softplus(x)) (Misra, arXiv:1908.08681): t + x (1 - t^2) sigmoid(x).</summary>
    public static Value?[] Mish(GradientContext g)
    {
        var t = g.Emit("Tanh", [g.Emit("Softplus", [g.X()])]);
        var bend = g.Mul(g.Mul(g.X(), g.Sigmoid(g.X())), g.Sub(g.Scalar(1), g.Square(t)));
        return [g.Mul(g.DY, g.Add(t, bend))];
    }

    /// <summary>
    /// y = x Phi(x), so Phi(x) + x phi(x) (Hendrycks and Gimpel, arXiv:1606.08415); or with Phi replaced by
    /// (1 + t)/2, t = tanh(c (x + 0.044715 x^3)).
    /// </summary>
    public static Value?[] Gelu(GradientContext g)
    {
        var x = g.X();
        var square = g.Square(x);
        if (g.Node.Text("approximate", "none") != "tanh")
        {
            var phi = g.Mul(g.Exp(g.Mul(square, -0.5f)), 1 / MathF.Sqrt(2 * MathF.PI));
            return [g.Mul(g.DY, g.Add(Half(g.Emit("Erf", [g.Mul(x, MathF.Sqrt(0.5f))])), g.Mul(x, phi)))];
        }

        var c = MathF.Sqrt(2 / MathF.PI);
        var t = g.Emit("Tanh", [g.Mul(g.Mul(x, g.Add(g.Mul(square, 0.044715f), g.Scalar(1))), c)]);
        var inner = g.Mul(g.Add(g.Mul(square, 3 * 0.044715f), g.Scalar(1)), c);
        var bend = g.Mul(g.Mul(g.Mul(x, 0.5f), g.Sub(g.Scalar(1), g.Square(t))), inner);
        return [g.Mul(g.DY, g.Add(Half(t), bend))];

        Value Half(Value gate) => g.Mul(g.Add(gate, g.Scalar(1)), 0.5f);
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
        // The difference comes first: it may be small against both of its terms.
        var average = g.ReduceSum(g.Mul(g.DY, g.Y()), [Axis(g)]);
        return [g.Mul(g.Y(), g.Sub(g.DY, average))];
    }

    /// <summary>dy - exp(y) sum(dy) along the axis.</summary>
    public static Value?[] LogSoftmax(GradientContext g) =>
        [g.Sub(g.DY, g.Mul(g.Exp(g.Y()), g.ReduceSum(g.DY, [Axis(g)])))];

    private static long Axis(GradientContext g) => Shapes.Axis(g.Node.Int("axis", -1), g.X().Rank);
}

using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Autodiff;

/// <summary>The gradient of a ReLU-like activation's input.</summary>
/// <param name="g">The rectifier's last node, with the gradient of its output.</param>
/// <param name="reluLike">The whole of it.</param>
internal delegate Value ReluLikeRule(GradientContext g, ReluLike reluLike);

/// <summary>
/// The variants of backpropagation: what each does instead of the derivative, at every activation that is like a ReLU
/// (docs/relu-variants.md).
/// </summary>
internal static class ReluLikeRules
{
    public static Value Guided(GradientContext g, ReluLike reluLike) => reluLike.Derivative(g, g.Relu(g.DY));

    public static Value Deconv(GradientContext g, ReluLike reluLike) => QuantizationGradients.PerInput(g, g.Relu(g.DY));

    /// <summary>
    /// What a variant does at a ReLU whose values only a max pool reads, done behind the pool, where there is less to do: a
    /// window passes its gradient on to its maximum, which is open just where the pooled value is positive.
    /// </summary>
    /// <param name="rule">The variant; null for the derivative.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>
    /// From the pool, with the gradient of its output, to what goes through it and then past the ReLU. Null where that is
    /// not the same: where a variant sees the ReLU's input, or rectifies sums over windows that overlap.
    /// </returns>
    public static Func<GradientContext, Value>? BehindPool(ReluLikeRule? rule, Node pool)
    {
        if (rule is null) return g => Open(g, g.DY);
        if (Overlap(pool)) return null;
        if (rule == Guided) return g => Open(g, g.Relu(g.DY));
        return rule == Deconv ? g => g.Relu(g.DY) : null;

        static Value Open(GradientContext g, Value dy) => g.WhereOrZero(g.Greater(g.Y(), g.Scalar(0)), dy);
    }

    public static Value Redirected(GradientContext g, ReluLike reluLike)
    {
        var (x, plain) = (reluLike.X, reluLike.Derivative(g, g.DY));
        var axes = Shapes.Axes(1, plain.Rank - 1);
        var isBlocked = g.Equal(g.ReduceSum(g.Abs(plain), axes), g.Scalar(0, plain.Type));
        // Nothing passed, so where the activation is open DY is zero: what is left pushes closed inputs up
        // or, above an upper bound, down.
        var outwards = g.WhereOrZero(g.LessOrEqual(x, g.Scalar(0, x.Type)), QuantizationGradients.PerInput(g, g.Relu(g.DY)));
        if (float.IsFinite(reluLike.High))
            outwards = g.Add(outwards, g.WhereOrZero(g.GreaterOrEqual(x, g.Scalar(reluLike.High)), g.Neg(g.Relu(g.Neg(g.DY)))));
        return g.Where(isBlocked, outwards, plain);
    }

    private static bool Overlap(Node pool)
    {
        var kernel = pool.Ints("kernel_shape")!;
        var (strides, dilations) = (pool.Ints("strides"), pool.Ints("dilations"));
        return kernel.Where((k, i) => k > 1 && (k > (strides?[i] ?? 1) || dilations?[i] > 1)).Any();
    }
}

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
}

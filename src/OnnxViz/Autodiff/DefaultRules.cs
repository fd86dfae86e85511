using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>
/// The derivative of every operator: one row each, in which X(i) are the node's inputs, Y its output and DY the
/// incoming gradient. What does not fit a few lines is a method in a file of its own.
/// </summary>
internal static class DefaultRules
{
    public static IReadOnlyDictionary<string, GradientRule> Rows { get; } = new Dictionary<string, GradientRule>
    {
        // Arithmetic
        ["Add"] = g => [g.DY, g.DY],
        ["Sub"] = g => [g.DY, g.Neg(g.DY)],
        ["Mul"] = g => [g.Mul(g.DY, g.X(1)), g.Mul(g.DY, g.X(0))],
        ["Div"] = g => [g.Div(g.DY, g.X(1)), g.Neg(g.Div(g.Mul(g.DY, g.Y()), g.X(1)))],
        ["Neg"] = g => [g.Neg(g.DY)],
        ["Abs"] = g => [g.Mul(g.DY, g.Sign(g.X()))],
        ["Reciprocal"] = g => [g.Neg(g.Mul(g.DY, g.Mul(g.Y(), g.Y())))],
        ["Sqrt"] = g => [g.Div(g.Mul(g.DY, 0.5f), g.Y())],
        ["Exp"] = g => [g.Mul(g.DY, g.Y())],
        ["Log"] = g => [g.Div(g.DY, g.X())],
        ["Erf"] = g => [g.Mul(g.DY, g.Mul(g.Exp(g.Neg(g.Mul(g.X(), g.X()))), 2 / MathF.Sqrt(MathF.PI)))],
        ["Pow"] = ArithmeticGradients.Pow,
        ["Sum"] = g => [.. g.Node.Inputs.Select(_ => g.DY)],
        ["Mean"] = g => [.. g.Node.Inputs.Select(_ => g.Mul(g.DY, 1f / g.Node.Inputs.Length))],
        ["Max"] = ArithmeticGradients.Extremum,
        ["Min"] = ArithmeticGradients.Extremum,
        ["Where"] = g => [null, g.Keep(g.X(0), g.DY), g.Where(g.X(0), g.Scalar(0), g.DY)],
        ["Cast"] = g => [g.X().Type.IsFloating() && g.Y().Type.IsFloating() ? g.Cast(g.DY, g.X().Type) : null],
        ["Identity"] = g => [g.DY],
        ["Dropout"] = g => [g.DY],

        // Activations
        ["Relu"] = g => [g.Keep(g.Greater(g.Y(), g.Scalar(0)), g.DY)],
        ["Clip"] = ActivationGradients.Clip,
        [Activations.ClippedRelu] = ActivationGradients.Clip,
        ["LeakyRelu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.Node.Float("alpha", 0.01f)))],
        ["PRelu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.X(1))), g.Keep(g.Less(g.X(), g.Scalar(0)), g.Mul(g.DY, g.X()))],
        ["Elu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.Add(g.Y(), g.Scalar(g.Node.Float("alpha", 1)))))],
        ["Sigmoid"] = g => [g.Mul(g.DY, g.Mul(g.Y(), g.Sub(g.Scalar(1), g.Y())))],
        ["Tanh"] = g => [g.Mul(g.DY, g.Sub(g.Scalar(1), g.Mul(g.Y(), g.Y())))],
        ["Softplus"] = g => [g.Mul(g.DY, g.Sigmoid(g.X()))],
        ["HardSigmoid"] = ActivationGradients.HardSigmoid,
        ["HardSwish"] = ActivationGradients.HardSwish,
        [Activations.Silu] = ActivationGradients.Silu,
        ["Softmax"] = ActivationGradients.Softmax,
        ["LogSoftmax"] = ActivationGradients.LogSoftmax,

        // Linear maps
        ["Conv"] = ConvGradient.Conv,
        ["ConvTranspose"] = ConvGradient.ConvTranspose,
        ["Gemm"] = MatrixGradients.Gemm,
        ["MatMul"] = MatrixGradients.MatMul,

        // Pooling and reduction
        ["MaxPool"] = MaxPoolGradient.MaxPool,
        ["AveragePool"] = AveragePoolGradient.AveragePool,
        ["LpPool"] = LpPoolGradient.LpPool,
        ["GlobalAveragePool"] = g => [g.ExpandLike(g.Div(g.DY, ReductionGradients.Count(g)), g.X())],
        ["GlobalMaxPool"] = ReductionGradients.Max,
        ["ReduceMean"] = g => [g.ExpandLike(g.Div(ReductionGradients.Kept(g, g.DY), ReductionGradients.Count(g)), g.X())],
        ["ReduceSum"] = g => [g.ExpandLike(ReductionGradients.Kept(g, g.DY), g.X())],
        ["ReduceMax"] = ReductionGradients.Max,
        ["ReduceMin"] = ReductionGradients.Max,
        ["ReduceL2"] = g => [g.Div(g.Mul(g.X(), ReductionGradients.Kept(g, g.DY)), ReductionGradients.Kept(g, g.Y()))],
        ["ReduceSumSquare"] = g => [g.Mul(g.Mul(g.X(), 2), ReductionGradients.Kept(g, g.DY))],

        // Normalization
        ["BatchNormalization"] = NormalizationGradients.BatchNormalization,
        ["LRN"] = NormalizationGradients.Lrn,

        // Shape
        ["Reshape"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Flatten"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Squeeze"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Unsqueeze"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Expand"] = g => [g.DY],
        ["Transpose"] = ShapeGradients.Transpose,
        ["Concat"] = ShapeGradients.Concat,
        ["Split"] = ShapeGradients.Split,
        ["Slice"] = ShapeGradients.Slice,
        ["Pad"] = ShapeGradients.Pad,
        ["Gather"] = ShapeGradients.Gather,
    };
}

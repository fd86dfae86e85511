using OnnxViz.Autodiff.Rules;
using OnnxViz.Autodiff.Rules.Sampling;
using OnnxViz.Autodiff.Rules.Sliding;

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
        ["Reciprocal"] = g => [g.Neg(g.Mul(g.DY, g.Square(g.Y())))],
        ["Sqrt"] = g => [g.Div(g.Mul(g.DY, 0.5f), g.Y())],
        ["Exp"] = g => [g.Mul(g.DY, g.Y())],
        ["Log"] = g => [g.Div(g.DY, g.X())],
        ["Erf"] = g => [g.Mul(g.DY, g.Mul(g.Exp(g.Neg(g.Square(g.X()))), 2 / MathF.Sqrt(MathF.PI)))],
        ["Sin"] = g => [g.Mul(g.DY, g.Emit("Cos", [g.X()]))],
        ["Cos"] = g => [g.Neg(g.Mul(g.DY, g.Emit("Sin", [g.X()])))],
        ["Tan"] = g => [g.Mul(g.DY, g.Add(g.Scalar(1), g.Square(g.Y())))],
        ["Asin"] = g => [g.Div(g.DY, g.Sqrt(g.Sub(g.Scalar(1), g.Square(g.X()))))],
        ["Acos"] = g => [g.Neg(g.Div(g.DY, g.Sqrt(g.Sub(g.Scalar(1), g.Square(g.X())))))],
        ["Atan"] = g => [g.Div(g.DY, g.Add(g.Scalar(1), g.Square(g.X())))],
        ["Sinh"] = g => [g.Mul(g.DY, g.Emit("Cosh", [g.X()]))],
        ["Cosh"] = g => [g.Mul(g.DY, g.Emit("Sinh", [g.X()]))],
        ["Asinh"] = g => [g.Div(g.DY, g.Sqrt(g.Add(g.Square(g.X()), g.Scalar(1))))],
        ["Acosh"] = g => [g.Div(g.DY, g.Sqrt(g.Sub(g.Square(g.X()), g.Scalar(1))))],
        ["Atanh"] = g => [g.Div(g.DY, g.Sub(g.Scalar(1), g.Square(g.X())))],
        ["Pow"] = ArithmeticGradients.Pow,
        ["Mod"] = g => [g.DY, g.Neg(g.Mul(g.DY, g.Div(g.Sub(g.X(0), g.Y()), g.X(1))))],
        ["Sum"] = g => [.. g.Node.Inputs.Select(_ => g.DY)],
        ["Mean"] = g => [.. g.Node.Inputs.Select(_ => g.Mul(g.DY, 1f / g.Node.Inputs.Length))],
        ["Max"] = ArithmeticGradients.Extremum,
        ["Min"] = ArithmeticGradients.Extremum,
        ["Where"] = g => [null, g.WhereOrZero(g.X(0), g.DY), g.Where(g.X(0), g.Scalar(0), g.DY)],
        ["Cast"] = ArithmeticGradients.Cast,
        ["CastLike"] = ArithmeticGradients.Cast,
        ["Identity"] = g => [g.DY],
        ["Dropout"] = NormalizationGradients.Dropout,

        // Activations
        ["Relu"] = g => [g.WhereOrZero(g.Greater(g.Y(), g.Scalar(0)), g.DY)],
        ["Clip"] = ActivationGradients.Clip,
        ["LeakyRelu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.Node.Float("alpha", 0.01f)))],
        ["PRelu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.X(1))), g.WhereOrZero(g.Less(g.X(), g.Scalar(0)), g.Mul(g.DY, g.X()))],
        ["Elu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.Add(g.Y(), g.Scalar(g.Node.Float("alpha", 1)))))],
        ["Selu"] = ActivationGradients.Selu,
        ["Celu"] = g => [g.Where(g.Greater(g.X(), g.Scalar(0)), g.DY, g.Mul(g.DY, g.Exp(g.Mul(g.X(), 1 / g.Node.Float("alpha", 1)))))],
        ["ThresholdedRelu"] = g => [g.WhereOrZero(g.Greater(g.X(), g.Scalar(g.Node.Float("alpha", 1))), g.DY)],
        ["Shrink"] = g => [g.WhereOrZero(g.Greater(g.Abs(g.X()), g.Scalar(g.Node.Float("lambd", 0.5f))), g.DY)],
        ["Sigmoid"] = g => [g.Mul(g.DY, g.Mul(g.Y(), g.Sub(g.Scalar(1), g.Y())))],
        ["Tanh"] = g => [g.Mul(g.DY, g.Sub(g.Scalar(1), g.Square(g.Y())))],
        ["Softplus"] = g => [g.Mul(g.DY, g.Sigmoid(g.X()))],
        ["Softsign"] = g => [g.Div(g.DY, g.Square(g.Add(g.Abs(g.X()), g.Scalar(1))))],
        ["Mish"] = ActivationGradients.Mish,
        ["Gelu"] = ActivationGradients.Gelu,
        ["HardSigmoid"] = ActivationGradients.HardSigmoid,
        ["HardSwish"] = ActivationGradients.HardSwish,
        [Activations.Silu] = ActivationGradients.Silu,
        ["Softmax"] = ActivationGradients.Softmax,
        ["LogSoftmax"] = ActivationGradients.LogSoftmax,

        // Linear maps
        ["Conv"] = ConvGradient.Conv,
        ["ConvTranspose"] = ConvGradient.ConvTranspose,
        ["DeformConv"] = ComposedGradients.DeformConv,
        ["Gemm"] = MatrixGradients.Gemm,
        ["MatMul"] = MatrixGradients.MatMul,
        ["Einsum"] = EinsumGradient.Einsum,

        // Recurrent
        ["GRU"] = ComposedGradients.Recurrent,
        ["LSTM"] = ComposedGradients.Recurrent,
        ["RNN"] = ComposedGradients.Recurrent,

        // Pooling and reduction
        ["MaxPool"] = MaxPoolGradient.MaxPool,
        ["AveragePool"] = AveragePoolGradient.AveragePool,
        ["LpPool"] = LpPoolGradient.LpPool,
        ["MaxUnpool"] = GatherGradients.MaxUnpool,
        ["RoiAlign"] = RoiAlignGradient.RoiAlign,
        ["GlobalAveragePool"] = ReductionGradients.Mean,
        ["GlobalMaxPool"] = ReductionGradients.Max,
        ["GlobalLpPool"] = ReductionGradients.GlobalLpPool,
        ["ReduceMean"] = ReductionGradients.Mean,
        ["ReduceSum"] = g => [g.ExpandLike(ReductionGradients.KeepDims(g, g.DY), g.X())],
        ["ReduceMax"] = ReductionGradients.Max,
        ["ReduceMin"] = ReductionGradients.Max,
        ["ReduceL1"] = g => [g.Mul(g.Sign(g.X()), ReductionGradients.KeepDims(g, g.DY))],
        ["ReduceL2"] = ReductionGradients.L2,
        ["ReduceProd"] = ReductionGradients.Prod,
        ["ReduceLogSum"] = g => [g.ExpandLike(ReductionGradients.KeepDims(g, g.Mul(g.DY, g.Exp(g.Neg(g.Y())))), g.X())],
        ["ReduceLogSumExp"] = g => [g.Mul(g.Exp(g.Sub(g.X(), ReductionGradients.KeepDims(g, g.Y()))), ReductionGradients.KeepDims(g, g.DY))],
        ["ReduceSumSquare"] = g => [g.Mul(g.Mul(g.X(), 2), ReductionGradients.KeepDims(g, g.DY))],

        // Normalization
        ["BatchNormalization"] = NormalizationGradients.BatchNormalization,
        ["InstanceNormalization"] = NormalizationGradients.InstanceNormalization,
        ["GroupNormalization"] = NormalizationGradients.GroupNormalization,
        ["LayerNormalization"] = NormalizationGradients.LayerNormalization,
        ["MeanVarianceNormalization"] = NormalizationGradients.MeanVarianceNormalization,
        ["LpNormalization"] = NormalizationGradients.LpNormalization,
        ["LRN"] = LrnGradient.Lrn,

        // Quantization
        ["QuantizeLinear"] = QuantizationGradients.Quantize,
        ["DequantizeLinear"] = QuantizationGradients.Dequantize,

        // Shape
        ["Reshape"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Flatten"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Squeeze"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Unsqueeze"] = g => [g.ReshapeLike(g.DY, g.X())],
        ["Expand"] = g => [g.DY],
        ["Transpose"] = ShapeGradients.Transpose,
        ["Concat"] = ConcatGradients.Concat,
        ["Split"] = ConcatGradients.Split,
        ["Slice"] = SliceGradient.Slice,
        ["Pad"] = PadGradient.Pad,
        ["CenterCropPad"] = PadGradient.CenterCropPad,
        ["Tile"] = ShapeGradients.Tile,
        ["DepthToSpace"] = ShapeGradients.DepthToSpace,
        ["SpaceToDepth"] = ShapeGradients.SpaceToDepth,
        ["Trilu"] = ShapeGradients.Trilu,
        ["CumSum"] = ShapeGradients.CumSum,
        ["ReverseSequence"] = ShapeGradients.ReverseSequence,

        ["Resize"] = ResizeGradient.Resize,
        ["GridSample"] = GridSampleGradient.GridSample,

        // Places
        ["Gather"] = GatherGradients.Gather,
        ["GatherElements"] = GatherGradients.GatherElements,
        ["GatherND"] = GatherGradients.GatherND,
        ["Compress"] = GatherGradients.Compress,
        ["TopK"] = GatherGradients.TopK,
        ["ScatterElements"] = ScatterGradients.ScatterElements,
        ["ScatterND"] = ScatterGradients.ScatterND,
    };
}

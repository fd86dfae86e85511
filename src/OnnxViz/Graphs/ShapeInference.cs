using OnnxViz.Graphs.Inference;
using static OnnxViz.Graphs.Inference.BroadcastShapes;
using static OnnxViz.Graphs.Inference.SimpleShapes;

namespace OnnxViz.Graphs;

/// <summary>Gives the outputs of a node their element type and dimensions.</summary>
internal static class ShapeInference
{
    private static readonly Dictionary<string, Action<ShapeScope>> Rules = new()
    {
        // Activations and other functions of one element.
        ["Abs"] = Same,
        ["Acos"] = Same,
        ["Acosh"] = Same,
        ["Asin"] = Same,
        ["Asinh"] = Same,
        ["Atan"] = Same,
        ["Atanh"] = Same,
        ["BitwiseNot"] = Same,
        ["Ceil"] = Same,
        ["Celu"] = Same,
        ["Clip"] = Same,
        ["Cos"] = Same,
        ["Cosh"] = Same,
        ["Elu"] = Same,
        ["Erf"] = Same,
        ["Exp"] = Same,
        ["Floor"] = Same,
        ["Gelu"] = Same,
        ["HardSigmoid"] = Same,
        ["HardSwish"] = Same,
        ["Identity"] = Same,
        ["LeakyRelu"] = Same,
        ["Log"] = Same,
        ["Mish"] = Same,
        ["Neg"] = Same,
        ["Not"] = Bool,
        ["IsInf"] = Bool,
        ["IsNaN"] = Bool,
        ["Reciprocal"] = Same,
        ["Relu"] = Same,
        ["Round"] = Same,
        ["Selu"] = Same,
        ["Shrink"] = Same,
        ["Sigmoid"] = Same,
        ["Sign"] = Same,
        ["Sin"] = Same,
        ["Sinh"] = Same,
        ["Softplus"] = Same,
        ["Softsign"] = Same,
        ["Sqrt"] = Same,
        ["Swish"] = Same,
        ["Tan"] = Same,
        ["Tanh"] = Same,
        ["ThresholdedRelu"] = Same,
        ["Cast"] = Cast,
        ["CastLike"] = CastLike,
        ["Bernoulli"] = Bernoulli,

        // Two tensors or more, element by element.
        ["Add"] = Arithmetic,
        ["BitShift"] = Arithmetic,
        ["BitwiseAnd"] = Arithmetic,
        ["BitwiseOr"] = Arithmetic,
        ["BitwiseXor"] = Arithmetic,
        ["Div"] = Arithmetic,
        ["Max"] = Arithmetic,
        ["Mean"] = Arithmetic,
        ["Min"] = Arithmetic,
        ["Mod"] = Arithmetic,
        ["Mul"] = Arithmetic,
        ["Pow"] = Arithmetic,
        ["PRelu"] = OntoFirst,
        ["Sub"] = Arithmetic,
        ["Sum"] = Arithmetic,
        ["And"] = Comparison,
        ["Equal"] = Comparison,
        ["Greater"] = Comparison,
        ["GreaterOrEqual"] = Comparison,
        ["Less"] = Comparison,
        ["LessOrEqual"] = Comparison,
        ["Or"] = Comparison,
        ["Xor"] = Comparison,
        ["Where"] = Where,

        // Windows.
        ["Conv"] = ConvShapes.Conv,
        ["ConvTranspose"] = ConvShapes.ConvTranspose,
        ["AveragePool"] = PoolShapes.Pool,
        ["LpPool"] = PoolShapes.Pool,
        ["MaxPool"] = PoolShapes.Pool,
        ["GlobalAveragePool"] = PoolShapes.Global,
        ["GlobalLpPool"] = PoolShapes.Global,
        ["GlobalMaxPool"] = PoolShapes.Global,

        // Normalisation and what else works along an axis and keeps the shape.
        ["BatchNormalization"] = NormShapes.Batch,
        ["CumSum"] = Same,
        ["Dropout"] = NormShapes.Dropout,
        ["GroupNormalization"] = NormShapes.PerChannel,
        ["Hardmax"] = NormShapes.AlongAxis,
        ["InstanceNormalization"] = NormShapes.PerChannel,
        ["LayerNormalization"] = NormShapes.Layer,
        ["LogSoftmax"] = NormShapes.AlongAxis,
        ["LpNormalization"] = NormShapes.AlongAxis,
        ["LRN"] = Same,
        ["MeanVarianceNormalization"] = Same,
        ["RMSNormalization"] = NormShapes.RootMeanSquare,
        ["Softmax"] = NormShapes.AlongAxis,
        ["Trilu"] = Same,

        // Matrices.
        ["Einsum"] = EinsumShapes.Einsum,
        ["Gemm"] = MatrixShapes.Gemm,
        ["MatMul"] = MatrixShapes.MatMul,

        // Reductions.
        ["ArgMax"] = ReduceShapes.Arg,
        ["ArgMin"] = ReduceShapes.Arg,
        ["ReduceL1"] = ReduceShapes.Reduce,
        ["ReduceL2"] = ReduceShapes.Reduce,
        ["ReduceLogSum"] = ReduceShapes.Reduce,
        ["ReduceLogSumExp"] = ReduceShapes.Reduce,
        ["ReduceMax"] = ReduceShapes.Reduce,
        ["ReduceMean"] = ReduceShapes.Reduce,
        ["ReduceMin"] = ReduceShapes.Reduce,
        ["ReduceProd"] = ReduceShapes.Reduce,
        ["ReduceSum"] = ReduceShapes.Reduce,
        ["ReduceSumSquare"] = ReduceShapes.Reduce,
        ["TopK"] = ReduceShapes.TopK,

        // The same elements in another order or number.
        ["Concat"] = SliceShapes.Concat,
        ["DepthToSpace"] = ResizeShapes.DepthToSpace,
        ["Expand"] = BroadcastShapes.Expand,
        ["Flatten"] = ReshapeShapes.Flatten,
        ["Gather"] = GatherShapes.Gather,
        ["GatherElements"] = GatherShapes.GatherElements,
        ["GatherND"] = GatherShapes.GatherND,
        ["GridSample"] = ResizeShapes.GridSample,
        ["OneHot"] = GatherShapes.OneHot,
        ["Pad"] = SliceShapes.Pad,
        ["Reshape"] = ReshapeShapes.Reshape,
        ["Resize"] = ResizeShapes.Resize,
        ["ReverseSequence"] = Same,
        ["Scatter"] = GatherShapes.ScatterElements,
        ["ScatterElements"] = GatherShapes.ScatterElements,
        ["ScatterND"] = GatherShapes.ScatterND,
        ["CenterCropPad"] = SliceShapes.CenterCropPad,
        ["Compress"] = GatherShapes.Compress,
        ["Slice"] = SliceShapes.Slice,
        ["SpaceToDepth"] = ResizeShapes.SpaceToDepth,
        ["Split"] = SliceShapes.Split,
        ["Squeeze"] = ReshapeShapes.Squeeze,
        ["Tile"] = SliceShapes.Tile,
        ["Transpose"] = ReshapeShapes.Transpose,
        ["Unsqueeze"] = ReshapeShapes.Unsqueeze,

        // Shapes as tensors, and tensors from nothing.
        ["Constant"] = MakerShapes.Constant,
        ["ConstantOfShape"] = MakerShapes.ConstantOfShape,
        ["EyeLike"] = MakerShapes.EyeLike,
        ["NonZero"] = MakerShapes.NonZero,
        ["Range"] = MakerShapes.Range,
        ["Shape"] = MakerShapes.Shape,
        ["Size"] = MakerShapes.Size,

        // Quantisation.
        ["DequantizeLinear"] = QuantizeShapes.Dequantize,
        ["QuantizeLinear"] = QuantizeShapes.Quantize,
    };

    private static readonly HashSet<Action<ShapeScope>> Keeping =
    [
        Same, Bool, Cast, CastLike, NormShapes.AlongAxis, NormShapes.Batch, NormShapes.Dropout, NormShapes.Layer,
        NormShapes.PerChannel, NormShapes.RootMeanSquare, QuantizeShapes.Dequantize, QuantizeShapes.Quantize,
    ];

    /// <summary>The standard operators whose shapes are known.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    /// <summary>Whether the first output has the shape of the first input.</summary>
    public static bool KeepsShape(string opType) => Rules.TryGetValue(opType, out var rule) && Keeping.Contains(rule);

    /// <summary>Whether all inputs are broadcast against each other.</summary>
    public static bool Broadcasts(string opType) =>
        Rules.TryGetValue(opType, out var rule) && (rule == Arithmetic || rule == Comparison || rule == Where);

    /// <summary>
    /// Sets type and dimensions of the node's outputs as far as the inputs tell; an operator that is not known leaves
    /// them as they are. Forms of older opsets (axes and the like as attributes) are understood beside those of opset 18.
    /// </summary>
    /// <exception cref="OnnxVizException">The inputs do not fit the operator or each other.</exception>
    public static void Infer(Node node)
    {
        if (node.Domain.Length > 0 || !Rules.TryGetValue(node.OpType, out var rule)) return;
        try
        {
            rule(new ShapeScope(node));
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            var inputs = string.Join(", ", node.Inputs.Select(input => input?.ToString() ?? "(none)"));
            throw OnnxVizException.Input($"{node} cannot take ({inputs}): {e.Message}", e);
        }
    }
}

using OnnxViz.Graphs.Folding;
using static OnnxViz.Graphs.Inference.BroadcastShapes;
using static OnnxViz.Graphs.Inference.SimpleShapes;

namespace OnnxViz.Graphs.Inference;

/// <summary>Gives the outputs of a node their element type and dimensions.</summary>
internal static class ShapeInference
{
    private static readonly Dictionary<string, Action<ShapeScope>> Rules = new()
    {
        // Element by element, but not as the table's natures say it.
        ["Bernoulli"] = Bernoulli,
        ["BitCast"] = Cast,
        ["Cast"] = Cast,
        ["CastLike"] = CastLike,
        ["PRelu"] = OntoFirst,
        ["Where"] = Where,

        // Windows.
        ["Conv"] = ConvShapes.Conv,
        ["ConvTranspose"] = ConvShapes.ConvTranspose,
        ["DeformConv"] = ConvShapes.DeformConv,
        ["GlobalAveragePool"] = PoolShapes.Global,
        ["GlobalLpPool"] = PoolShapes.Global,
        ["GlobalMaxPool"] = PoolShapes.Global,
        ["MaxUnpool"] = PoolShapes.Unpool,
        ["RoiAlign"] = PoolShapes.RoiAlign,

        // Normalisation and what else works along an axis and keeps the shape.
        ["BatchNormalization"] = NormShapes.Batch,
        ["CumProd"] = Same,
        ["CumSum"] = Same,
        ["Dropout"] = NormShapes.Dropout,
        ["GroupNormalization"] = NormShapes.PerChannel,
        ["GRU"] = RecurrentShapes.Recurrent,
        ["Hardmax"] = NormShapes.AlongAxis,
        ["InstanceNormalization"] = NormShapes.PerChannel,
        ["LayerNormalization"] = NormShapes.Layer,
        ["LogSoftmax"] = NormShapes.AlongAxis,
        ["LpNormalization"] = NormShapes.AlongAxis,
        ["LRN"] = Same,
        ["LSTM"] = RecurrentShapes.Recurrent,
        ["MeanVarianceNormalization"] = Same,
        ["RMSNormalization"] = NormShapes.RootMeanSquare,
        ["RNN"] = RecurrentShapes.Recurrent,
        ["Softmax"] = NormShapes.AlongAxis,
        ["Trilu"] = Same,

        // Matrices.
        ["Einsum"] = EinsumShapes.Einsum,
        ["Gemm"] = MatrixShapes.Gemm,
        ["MatMul"] = MatrixShapes.MatMul,

        // Reductions.
        ["ArgMax"] = ReduceShapes.Arg,
        ["ArgMin"] = ReduceShapes.Arg,
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
        ["ReverseSequence"] = SliceShapes.ReverseSequence,
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

    /// <summary>Inputs that an error names.</summary>
    private const int MostNamed = 8;

    private static readonly HashSet<Action<ShapeScope>> Keeping =
    [
        Same, Bool, Cast, CastLike, NormShapes.AlongAxis, NormShapes.Batch, NormShapes.Dropout, NormShapes.Layer,
        NormShapes.PerChannel, NormShapes.RootMeanSquare, SliceShapes.ReverseSequence, QuantizeShapes.Dequantize, QuantizeShapes.Quantize,
    ];

    /// <summary>The standard operators whose shapes are known.</summary>
    public static IEnumerable<string> Operators => OperatorTraits.All.Select(o => o.Name).Where(o => !o.Contains('.') && RuleOf(o) is not null);

    /// <summary>Those of them with a rule of their own.</summary>
    public static IReadOnlyCollection<string> Ruled => Rules.Keys;

    /// <summary>Whether the first output has the shape of the first input.</summary>
    public static bool KeepsShape(string opType) => RuleOf(opType) is { } rule && Keeping.Contains(rule);

    /// <summary>Whether all inputs are broadcast against each other.</summary>
    public static bool Broadcasts(string opType) =>
        RuleOf(opType) is { } rule && (rule == Arithmetic || rule == Comparison || rule == Where);

    /// <summary>
    /// Sets type and dimensions of the node's outputs as far as the inputs tell; an operator that is not known leaves
    /// them as they are. Forms of older opsets (axes and the like as attributes) are understood beside those of opset 18.
    /// </summary>
    /// <exception cref="OnnxVizException">The inputs do not fit the operator or each other.</exception>
    public static void Infer(Node node)
    {
        if (RuleOf(node.Traits.Name) is not { } rule) return;
        try
        {
            rule(new ShapeScope(node));
        }
        catch (Exception e) when (e is OnnxVizException { Fault: Fault.Input } || Malformed.IsOver(e))
        {
            var inputs = string.Join(", ", node.Inputs.Take(MostNamed).Select(input => input?.ToString() ?? "(none)"));
            throw OnnxVizException.Input($"{node} cannot take ({inputs}{(node.Inputs.Length > MostNamed ? ", ..." : "")}): {e.Message}", e);
        }
    }

    /// <summary>The operator's own rule, or the one that its nature implies.</summary>
    private static Action<ShapeScope>? RuleOf(string opType)
    {
        if (Rules.TryGetValue(opType, out var rule)) return rule;
        var traits = OperatorTraits.Of(opType);
        if (traits.Is(OperatorNature.Pool)) return PoolShapes.Pool;
        if (traits.Is(OperatorNature.Reduction)) return ReduceShapes.Reduce;
        if (!traits.Is(OperatorNature.Elementwise)) return null;
        return (traits.Is(OperatorNature.Broadcasts), traits.Is(OperatorNature.Logical)) switch
        {
            (false, false) => Same,
            (false, true) => Bool,
            (true, false) => Arithmetic,
            (true, true) => Comparison,
        };
    }
}

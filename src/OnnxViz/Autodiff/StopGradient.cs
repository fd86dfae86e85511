using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>Where gradients end by definition: integers, comparisons, shapes, and inputs that only steer an operator.</summary>
internal static class StopGradient
{
    private static readonly HashSet<string> Operators =
    [
        // Comparisons and logic.
        "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf",
        "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot",

        // Steps, flat wherever they have a slope.
        "Ceil", "Floor", "Round", "Sign", "Hardmax",

        // Positions and shapes.
        "ArgMax", "ArgMin", "NonMaxSuppression", "NonZero", "OneHot", "Shape", "Size", "Unique",

        // Made from nothing, or by chance.
        "Bernoulli", "ConstantOfShape", "EyeLike", "Multinomial", "Range", "RandomNormal", "RandomNormalLike", "RandomUniform",
        "RandomUniformLike",
    ];

    private static readonly Dictionary<string, int[]> Inputs = new()
    {
        ["Reshape"] = [1],
        ["Expand"] = [1],
        ["Tile"] = [1],
        ["Squeeze"] = [1],
        ["Unsqueeze"] = [1],
        ["Slice"] = [1, 2, 3, 4],
        ["Split"] = [1],
        ["Gather"] = [1],
        ["GatherElements"] = [1],
        ["GatherND"] = [1],
        ["ScatterElements"] = [1],
        ["ScatterND"] = [1],
        ["Compress"] = [1],
        ["CenterCropPad"] = [1],
        ["Pad"] = [1, 3],
        ["Resize"] = [1, 2, 3],
        ["Where"] = [0],
        ["Clip"] = [1, 2],
        ["CastLike"] = [1],
        ["Dropout"] = [1, 2],
        ["TopK"] = [1],
        ["CumSum"] = [1],
        ["Trilu"] = [1],
        ["ReduceL1"] = [1],
        ["ReduceL2"] = [1],
        ["ReduceLogSum"] = [1],
        ["ReduceLogSumExp"] = [1],
        ["ReduceMax"] = [1],
        ["ReduceMean"] = [1],
        ["ReduceMin"] = [1],
        ["ReduceProd"] = [1],
        ["ReduceSum"] = [1],
        ["ReduceSumSquare"] = [1],
    };

    /// <summary>The operators that no gradient passes at all.</summary>
    public static IReadOnlyCollection<string> All => Operators;

    public static bool At(Node node, int input) =>
        node.Domain.Length == 0 && (Operators.Contains(node.OpType)
            || (Inputs.TryGetValue(node.OpType, out var stopped) && stopped.Contains(input)));
}

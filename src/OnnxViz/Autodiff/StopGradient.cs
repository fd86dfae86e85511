using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>Where gradients end by definition: integers, comparisons, shapes, and inputs that only steer an operator.</summary>
internal static class StopGradient
{
    private static readonly HashSet<string> Operators =
    [
        "Shape", "Size", "NonZero", "ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
        "And", "Or", "Xor", "Not", "IsNaN", "IsInf", "Floor", "Ceil", "Round", "Sign", "ConstantOfShape", "Range",
        "EyeLike", "OneHot", "RandomNormalLike", "RandomUniformLike", "Bernoulli",
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
        ["Pad"] = [1, 3],
        ["Resize"] = [1, 2, 3],
        ["Where"] = [0],
        ["Clip"] = [1, 2],
        ["Dropout"] = [1, 2],
        ["TopK"] = [1],
        ["CumSum"] = [1],
        ["ReduceSum"] = [1],
        ["ReduceMean"] = [1],
        ["ReduceMax"] = [1],
        ["ReduceMin"] = [1],
        ["ReduceL2"] = [1],
        ["ReduceSumSquare"] = [1],
    };

    public static bool At(Node node, int input) =>
        node.Domain.Length == 0 && (Operators.Contains(node.OpType)
            || (Inputs.TryGetValue(node.OpType, out var stopped) && stopped.Contains(input)));
}

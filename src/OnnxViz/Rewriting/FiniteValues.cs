namespace OnnxViz.Rewriting;

/// <summary>
/// Which values are finite as long as nothing overflows: those that come of finite ones by operators without a pole.
/// Only of such a value is a product with zero always the zero that a choice between both would give.
/// </summary>
internal sealed class FiniteValues
{
    private static readonly HashSet<string> WithoutPole =
    [
        "Abs", "Add", "AveragePool", "Cast", "Clip", "Concat", "Conv", "ConvTranspose", "DepthToSpace", "Elu", "Erf", "Expand", "Flatten", "Gather",
        "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "GridSample", "HardSigmoid", "HardSwish", "Identity", "LRN", "LeakyRelu", "MatMul", "Max", "MaxPool",
        "Mean", "Min", "Mish", "Mul", "Neg", "PRelu", "Pad", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu", "Reshape", "Resize", "Selu", "Sigmoid",
        "Sign", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Split", "Squeeze", "Sub", "Sum", "Tanh", "Tile", "Transpose", "Unsqueeze", "Where",
        "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "Or", "Shape",
    ];

    private readonly Dictionary<Value, bool> _known = [];

    /// <summary>Whether the value is known to be one.</summary>
    public bool Contains(Value value)
    {
        // Depth first without recursion: a network may have thousands of layers.
        var open = new Stack<Value>([value]);
        while (open.TryPeek(out var v))
        {
            if (_known.ContainsKey(v))
            {
                open.Pop();
                continue;
            }

            if (v.Producer is not { } node || v.Constant is not null) _known[v] = v.Constant is not { } constant || IsFinite(constant);
            else if (!HasNoPole(node)) _known[v] = false;
            else if (node.Inputs.OfType<Value>().Where(i => !_known.ContainsKey(i)).ToArray() is { Length: > 0 } before) Array.ForEach(before, open.Push);
            else _known[v] = node.Inputs.All(i => i is null || _known[i]) || (node.OpType == "Pad" && _known[node.Inputs[0]!]);
        }

        return _known[value];
    }

    private static bool HasNoPole(Node node) =>
        node.Domain.Length == 0 && (WithoutPole.Contains(node.OpType) || (node.OpType == "Div" && node.Inputs[1]?.Constant is { } divisor && !divisor.ToFloats().Contains(0)));

    /// <summary>A large constant is a weight.</summary>
    private static bool IsFinite(Tensor constant) => constant.Type != ElementType.Float || constant.Count > 4096 || Array.TrueForAll(constant.ToFloats(), float.IsFinite);
}

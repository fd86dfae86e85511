namespace OnnxViz.Graphs.Folding;

/// <summary>
/// Computes nodes whose result does not depend on the graph's inputs. Results are lazy: of weights that are later cut
/// away, neither the cast nor the file is ever read. Arithmetic is done in the element type, as ONNX Runtime does it.
/// </summary>
internal static class ConstantFolding
{
    /// <summary>Results beyond this and beyond all inputs stay nodes: a file should not grow by an Expand.</summary>
    private const long LargestGrowth = 256L << 20;

    /// <summary>Results that wait for one another; no exporter writes as long a chain of weights.</summary>
    private const int DeepestPending = 100;

    private static readonly Dictionary<string, Func<Node, Tensor[]?>> Rules = new()
    {
        // Made from attributes and shapes.
        ["Constant"] = Generators.Constant,
        ["ConstantOfShape"] = Generators.ConstantOfShape,
        ["Range"] = Generators.Range,
        ["NonZero"] = Generators.NonZero,

        // The same numbers.
        ["Identity"] = DataMovement.Same,
        ["Dropout"] = DataMovement.Dropout,
        ["Flatten"] = DataMovement.Same,
        ["Reshape"] = DataMovement.Same,
        ["Squeeze"] = DataMovement.Same,
        ["Unsqueeze"] = DataMovement.Same,

        // The same numbers elsewhere.
        ["Concat"] = DataMovement.Concat,
        ["DepthToSpace"] = DataMovement.DepthToSpace,
        ["Expand"] = DataMovement.Expand,
        ["Gather"] = Gathering.Gather,
        ["GatherElements"] = Gathering.GatherElements,
        ["Pad"] = DataMovement.Pad,
        ["ScatterElements"] = Gathering.ScatterElements,
        ["ScatterND"] = Gathering.ScatterND,
        ["Slice"] = DataMovement.Slice,
        ["Split"] = DataMovement.Split,
        ["Tile"] = DataMovement.Tile,
        ["Transpose"] = DataMovement.Transpose,

        // Other types.
        ["Cast"] = Casting.Cast,
        ["CastLike"] = Casting.Cast,
        ["DequantizeLinear"] = Quantizing.Dequantize,
        ["QuantizeLinear"] = Quantizing.Quantize,

        // One tensor, element by element.
        ["Abs"] = Unary.Abs,
        ["Ceil"] = Unary.Ceil,
        ["Cos"] = Unary.Cos,
        ["Elu"] = Unary.Elu,
        ["Erf"] = Unary.Erf,
        ["Exp"] = Unary.Exp,
        ["Floor"] = Unary.Floor,
        ["HardSigmoid"] = Unary.HardSigmoid,
        ["Log"] = Unary.Log,
        ["Neg"] = Unary.Neg,
        ["Not"] = Unary.Not,
        ["Reciprocal"] = Unary.Reciprocal,
        ["Relu"] = Unary.Relu,
        ["Round"] = Unary.Round,
        ["Sigmoid"] = Unary.Sigmoid,
        ["Sign"] = Unary.Sign,
        ["Sin"] = Unary.Sin,
        ["Softplus"] = Unary.Softplus,
        ["Sqrt"] = Unary.Sqrt,
        ["Tanh"] = Unary.Tanh,

        // Several tensors, element by element.
        ["Add"] = Binary.Add,
        ["Div"] = Binary.Div,
        ["Max"] = Binary.Max,
        ["Min"] = Binary.Min,
        ["Mod"] = Binary.Mod,
        ["Mul"] = Binary.Mul,
        ["Pow"] = Binary.Pow,
        ["Sub"] = Binary.Sub,
        ["Sum"] = Binary.Add,
        ["And"] = Comparing.And,
        ["Equal"] = Comparing.Equal,
        ["Greater"] = Comparing.Greater,
        ["GreaterOrEqual"] = Comparing.GreaterOrEqual,
        ["Less"] = Comparing.Less,
        ["LessOrEqual"] = Comparing.LessOrEqual,
        ["Or"] = Comparing.Or,
        ["Xor"] = Comparing.Xor,
        ["Clip"] = Binary.Clip,
        ["Where"] = Comparing.Where,

        // Reductions.
        ["ReduceMax"] = Reducing.Max,
        ["ReduceMean"] = Reducing.Mean,
        ["ReduceMin"] = Reducing.Min,
        ["ReduceProd"] = Reducing.Prod,
        ["ReduceSum"] = Reducing.Sum,
    };

    /// <summary>The standard operators that are computed.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    /// <summary>Whether there is a rule for the operator's numbers.</summary>
    public static bool Computes(string opType) => Rules.ContainsKey(opType);

    /// <summary>
    /// The outputs of a node whose shapes have been inferred; null when it has to stay a node, because something is not
    /// known, the operator is not in the table, or the result is too large to be worth it.
    /// </summary>
    /// <exception cref="OnnxVizException">The contents of the inputs are not what the operator takes.</exception>
    public static Tensor[]? TryFold(Node node)
    {
        if (node.Domain.Length > 0 || node.Inputs.Any(input => input is { Constant: null })) return null;
        return Rules.TryGetValue(node.OpType, out var rule) && IsWorthIt(node) ? Malformed.Guard(node, "computed", () => Bounded(node, rule(node))) : null;
    }

    /// <summary>Lazy results are computed from lazy results by recursion: of a long chain some are computed at once.</summary>
    private static Tensor[]? Bounded(Node node, Tensor[]? results)
    {
        var depth = 1 + node.Inputs.Max(input => input?.Constant!.Pending) ?? 1;
        foreach (var result in results ?? [])
        {
            if (Array.Exists(node.Inputs, input => input?.Constant == result)) continue;
            result.Pending = depth;
            if (depth > DeepestPending) _ = result.Bytes;
        }

        return results;
    }

    private static bool IsWorthIt(Node node) => node.Outputs.All(output =>
        !output.HasStaticShape
        || Shapes.Count(output.Dims) * Math.Max(1, output.Type.Size())
            <= Math.Max(LargestGrowth, node.Inputs.Sum(input => input?.Constant?.ByteLength ?? 0)));
}

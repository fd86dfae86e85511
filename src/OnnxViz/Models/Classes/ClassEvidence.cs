namespace OnnxViz.Models.Classes;

/// <summary>
/// Whether the numbers of an output are scores of classes, or features of a network without a classifier. A graph does not say so; this is read
/// from what makes the numbers. Softmax, Sigmoid, ArgMax and the like make classes of whatever is before them. So does a linear layer at the
/// end, or a convolution whose maps are at most moved, resized and pooled. An activation at the end makes features, and so do a normalisation, a
/// product of two maps and a recurrent layer, pooled or not - but for the pooled ReLU of SqueezeNet and Network in Network, whose convolution of
/// one position has as many maps as there are classes: widths of layers are multiples of 16, and numbers of classes seldom are.
/// </summary>
internal static class ClassEvidence
{
    /// <summary>What widths of layers are multiples of.</summary>
    private const int WidthStep = 16;

    /// <summary>From here on a number of maps that is a multiple of twice the step is taken for a width.</summary>
    private const int LeastWidth = 64;

    /// <summary>What makes classes of anything.</summary>
    private static readonly HashSet<string> Answers = ["ArgMax", "ArgMin", "Hardmax", "HardSigmoid", "LogSoftmax", "Sigmoid", "Softmax", "TopK"];

    /// <summary>What leaves classes classes and features features, by its first input.</summary>
    private static readonly HashSet<string> Passing =
    [
        "AveragePool", "BatchNormalization", "DepthToSpace", "Exp", "Gather", "GatherElements", "GatherND", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "Log", "LpPool",
        "MaxPool", "Neg", "Pad", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceSum", "Resize", "Slice", "Split", "Transpose", "Upsample",
    ];

    /// <summary>The same of several inputs.</summary>
    private static readonly HashSet<string> Combining = ["Add", "Concat", "Max", "Mean", "Min", "Sub", "Sum", "Where"];

    private static readonly HashSet<string> Features =
    [
        "GRU", "GroupNormalization", "InstanceNormalization", "LRN", "LSTM", "LayerNormalization", "LpNormalization", "MeanVarianceNormalization", "RMSNormalization", "RNN",
        "SimplifiedLayerNormalization", "SkipLayerNormalization",
    ];

    /// <param name="output">Of the network, a number per class or unit.</param>
    /// <returns>False where it holds features. What nobody knows, such as an operator of somebody's own, may be classes.</returns>
    public static bool Has(Value output)
    {
        var (left, seen) = (new Stack<Value>([output]), new HashSet<Value>());
        while (left.TryPop(out var value))
        {
            if (!seen.Add(value)) continue;
            if (value.Producer is not { } node) return false;
            if (IsAnswer(node)) continue;
            if (Behind(node) is { } parts)
            {
                foreach (var part in parts) left.Push(part);
            }
            else if (IsFeatures(node, output)) return false;
        }

        return true;
    }

    private static bool IsAnswer(Node node) => Answers.Contains(Plain(node)) || (Plain(node) == "Div" && node.Input(0)?.Producer is { OpType: "Exp" });

    /// <summary>What the numbers of a node are made of, one by one; null where it makes others.</summary>
    private static List<Value>? Behind(Node node)
    {
        var op = Plain(node);
        if (node.Is(OperatorNature.KeepsValues) || Passing.Contains(op)) return [node.Required(0)];
        if (op is not ("Mul" or "Div") && !Combining.Contains(op)) return null;
        var parts = node.Inputs.Skip(op == "Where" ? 1 : 0).OfType<Value>().Where(v => !IsFixed(v)).ToList();
        return parts.Count == 1 || (parts.Count > 1 && Combining.Contains(op)) ? parts : null;
    }

    /// <summary>Operators that only move numbers, one behind the other, are never many.</summary>
    private const int LongestWay = 64;

    private static Value Unmoved(Value value)
    {
        for (var steps = 0; steps < LongestWay && value.Producer is { } node && node.Is(OperatorNature.KeepsValues); steps++) value = node.Required(0);
        return value;
    }

    private static bool IsFeatures(Node node, Value output)
    {
        var op = Plain(node);
        if (op is "Mul" or "Div" || Features.Contains(op)) return true;
        if (op is "Conv" or "ConvTranspose") return Units(output, node) is >= LeastWidth and var maps && maps % (2 * WidthStep) == 0;
        if (op == "Clip" && Unmoved(node.Required(0)).Producer is { } clipped && IsAnswer(clipped)) return false;
        return node.Is(OperatorNature.Activation) && !(op == "Relu" && IsPooled(output) && IsHead(node, output));
    }

    /// <summary>Whether what a ReLU rectifies is a linear layer, or a convolution of one position, of a number of units that is no usual width.</summary>
    private static bool IsHead(Node relu, Value output)
    {
        for (var value = relu.Required(0); value.Producer is { } node;)
        {
            if (Plain(node) is "Gemm" or "MatMul" || (Plain(node) == "Conv" && (node.Ints("kernel_shape") ?? Weight(node)?[2..]) is [1, 1])) return Units(output, node) is > 0 and var units && units % WidthStep != 0;
            if (Behind(node) is not [var only]) break;
            value = only;
        }

        return false;
    }

    /// <summary>How many numbers an output has of each position; 0 for unknown.</summary>
    private static long Units(Value output, Node node) => output.Dims is [_, > 0 and var units, ..] ? units : node.Outputs[0].Dims is [_, > 0 and var own, ..] ? own : Plain(node) == "Conv" && Weight(node) is [var maps, ..] ? maps : 0;

    private static long[]? Weight(Node convolution) => convolution.Input(convolution.OpType == "QLinearConv" ? 3 : 1) is { } weight ? weight.Dims ?? weight.Constant?.Dims : null;

    /// <summary>One number for each unit, and no map.</summary>
    private static bool IsPooled(Value output) => output.Dims is null or [_, _] or [_, _, 1, 1];

    /// <summary>Whether a value does not depend on the picture, as far as a look at it tells: a constant, or one that is cast, dequantised or moved.</summary>
    private static bool IsFixed(Value value)
    {
        for (var steps = 0; value.Constant is null; steps++)
        {
            if (steps > LongestWay) return false;
            if (value.Producer is not { } node || node.OpType == "Constant") return value.Producer is not null;
            if (node.Inputs.Length == 0 || !(node.Is(OperatorNature.KeepsValues) || node.OpType is "Transpose" or "Expand")) return false;
            value = node.Required(0);
        }

        return true;
    }

    /// <summary>The operator that it is a quantised or fused form of.</summary>
    private static string Plain(Node node)
    {
        var op = node.OpType;
        foreach (var form in new[] { "QLinear", "Fused", "Nhwc" })
            if (op.StartsWith(form, StringComparison.Ordinal)) op = op[form.Length..];
        return op switch { "QGemm" => "Gemm", "MatMulInteger" => "MatMul", "ConvInteger" => "Conv", _ => op };
    }
}

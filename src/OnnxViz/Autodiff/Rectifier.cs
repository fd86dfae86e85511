using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>
/// An activation that acts as a ReLU does: it passes what is large, up to a bound if it has one, and dampens or blocks
/// what is negative. It is one node or, where an exporter had no operator for it, several.
/// </summary>
/// <param name="X">Its input.</param>
/// <param name="Y">Its output.</param>
/// <param name="High">What its output does not exceed; infinite for most.</param>
internal sealed record Rectifier(Value X, Value Y, float High)
{
    internal static readonly HashSet<string> Operators =
        ["Celu", "Elu", "Gelu", "HardSwish", "LeakyRelu", "Mish", "PRelu", "Relu", "Selu", "Swish", "ThresholdedRelu"];

    /// <summary>What the last of several nodes may be.</summary>
    private static readonly HashSet<string> Ends = ["Add", "Clip", "Div", "Max", "Min", "Mul", "Sub", "Sum", "Where"];

    /// <summary>What may be negative: of anything else a range starts at zero without a ReLU that quantising replaced.</summary>
    private static readonly HashSet<string> Signed =
        ["Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Sum", "BatchNormalization", "InstanceNormalization"];

    /// <summary>The rectifier whose last node this is.</summary>
    public static Rectifier? Of(Node node)
    {
        if (node.Domain.Length > 0) return null;
        if (Operators.Contains(node.OpType)) return new(node.Required(0), node.Outputs[0], float.PositiveInfinity);
        if (node.OpType == "QuantizeLinear") return OfRange(node);
        if (!Ends.Contains(node.OpType)) return null;
        var y = node.Outputs[0];
        foreach (var x in ElementwiseRegion.Sources(y))
        {
            // Of constants that differ from channel to channel both ends have to give a rectifier.
            if (Curve(x, Enumerable.Min) is not { } curve || Curve(x, Enumerable.Max) is null) continue;
            // A bound behind a ReLU makes one activation of both: PyTorch's relu6 before opset 11.
            var isBound = node.OpType is "Clip" && x.Producer is { OpType: "Relu", Domain: "" };
            return new(isBound ? x.Producer!.Required(0) : x, y, RectifierCurves.Bound(curve));
        }

        return null;

        float[]? Curve(Value x, Func<double[], double> pick) =>
            ElementwiseRegion.Sample(x, y, RectifierCurves.At, pick) is { } curve && RectifierCurves.Match(curve) ? curve : null;
    }

    /// <summary>A quantisation whose range starts at zero is the ReLU, or ReLU6, that a quantiser found it to make needless.</summary>
    private static Rectifier? OfRange(Node quantize)
    {
        var x = quantize.Required(0);
        return x.Producer is { Domain: "" } before && Signed.Contains(before.OpType) && QuantizationParameters.StartsAtZero(quantize)
            ? new(x, quantize.Outputs[0], float.PositiveInfinity)
            : null;
    }

    /// <summary>From a gradient of Y to that of X by the default rules, which is linear in it.</summary>
    public Value Derivative(GradientContext g, Value dy)
    {
        var seeds = new Dictionary<Value, Value> { [Y] = dy };
        return Backpropagation.Walk(g.Builder, ElementwiseRegion.Between(X, Y) ?? [Y.Producer!], seeds, [X], GradientRules.Default, new HashSet<Value>())[X];
    }
}

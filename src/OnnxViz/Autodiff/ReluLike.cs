using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Autodiff;

/// <summary>
/// An activation that acts as a ReLU does: it passes what is large, up to a bound if it has one, and dampens or blocks
/// what is negative. It is one node or, where an exporter had no operator for it, several.
/// </summary>
/// <param name="X">Its input.</param>
/// <param name="Y">Its output.</param>
/// <param name="High">What its output does not exceed; infinite for most.</param>
internal sealed record ReluLike(Value X, Value Y, float High)
{
    /// <summary>What the last of several nodes may be.</summary>
    private static readonly HashSet<string> Ends = ["Add", "Clip", "Div", "Max", "Min", "Mul", "Sub", "Sum", "Where"];

    /// <summary>The activation whose last node this is; null if it is no part of one.</summary>
    public static ReluLike? Of(Node node)
    {
        if (node.Domain.Length > 0) return null;
        if (node.Is(OperatorNature.ReluLike)) return new(node.Required(0), node.Outputs[0], float.PositiveInfinity);
        if (node.OpType == "QuantizeLinear") return OfRange(node);
        if (!Ends.Contains(node.OpType)) return null;
        var y = node.Outputs[0];
        foreach (var x in ElementwiseRegion.Sources(y))
        {
            // Of constants that differ from channel to channel both ends have to give such a curve.
            if (Curve(x, Enumerable.Min) is not { } curve || Curve(x, Enumerable.Max) is null) continue;
            // A bound behind a ReLU makes one activation of both: PyTorch's relu6 before opset 11.
            var isBound = node.OpType is "Clip" && x.Producer is { OpType: "Relu", Domain: "" };
            return new(isBound ? x.Producer!.Required(0) : x, y, ReluLikeCurves.Bound(curve));
        }

        return null;

        float[]? Curve(Value x, Func<double[], double> pick) =>
            ElementwiseRegion.Sample(x, y, ReluLikeCurves.At, pick) is { } curve && ReluLikeCurves.Match(curve) ? curve : null;
    }

    /// <summary>A quantisation whose range starts at zero is the ReLU, or ReLU6, that a quantiser found it to make needless.</summary>
    private static ReluLike? OfRange(Node quantize)
    {
        var x = quantize.Required(0);
        return x.Producer is { } before && IsSigned(before) && QuantizationParameters.StartsAtZero(quantize)
            ? new(x, quantize.Outputs[0], float.PositiveInfinity)
            : null;
    }

    /// <summary>Whether the output may be negative though no input is: of anything else a range starts at zero without a ReLU that quantising replaced.</summary>
    private static bool IsSigned(Node node) =>
        node.Is(OperatorNature.Linear) || node.Is(OperatorNature.Normalization) || node is { OpType: "Add" or "Sub" or "Sum", Domain: "" };

    /// <summary>From a gradient of Y to that of X by the default rules, which is linear in it.</summary>
    public Value Derivative(GradientContext g, Value dy)
    {
        var seeds = new Dictionary<Value, Value> { [Y] = dy };
        return Backpropagation.Walk(g.Builder, ElementwiseRegion.Between(X, Y) ?? [Y.Producer!], seeds, [X], GradientRules.Default, new HashSet<Value>())[X];
    }
}

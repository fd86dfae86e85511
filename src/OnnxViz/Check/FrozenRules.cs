namespace OnnxViz.Check;

/// <summary>
/// Operators with kinks, each as the smooth piece of it that holds the point: which side a ReLU is on and who wins a pool
/// is decided by X0, what comes out follows X. Written from the operators' definitions and not from their gradients,
/// which it is there to check. What has no row is smooth, or has a kink so rare that the checks get along (an LpPool with
/// p = 1, say).
/// </summary>
internal static class FrozenRules
{
    private const float SeluAlpha = 1.67326319217681884765625f;

    private const float SeluGamma = 1.05070102214813232421875f;

    public static IReadOnlyDictionary<string, Func<FrozenContext, Value>> Rows { get; } = new Dictionary<string, Func<FrozenContext, Value>>
    {
        ["Relu"] = k => k.Where(k.IsAbove(0), k.X(), k.Scalar(0)),
        ["LeakyRelu"] = k => k.Where(k.IsAbove(0), k.X(), k.Mul(k.X(), k.Node.Float("alpha", 0.01f))),
        ["PRelu"] = k => k.Where(k.IsAbove(0), k.X(), k.Mul(k.X(), k.X(1))),
        ["ThresholdedRelu"] = k => k.Where(k.IsAbove(k.Node.Float("alpha", 1)), k.X(), k.Scalar(0)),
        ["Elu"] = k => k.Where(k.IsAbove(0), k.X(), Saturating(k, k.Node.Float("alpha", 1))),
        ["Celu"] = k => k.Where(k.IsAbove(0), k.X(), Saturating(k, k.Node.Float("alpha", 1), 1 / k.Node.Float("alpha", 1))),
        ["Selu"] = k => k.Mul(
            k.Where(k.IsAbove(0), k.X(), Saturating(k, k.Node.Float("alpha", SeluAlpha))), k.Node.Float("gamma", SeluGamma)),
        ["Shrink"] = Shrink,
        ["Clip"] = Clip,
        ["HardSigmoid"] = k => Gate(k, k.Node.Float("alpha", 0.2f), k.Node.Float("beta", 0.5f)),
        ["HardSwish"] = k => k.Mul(k.X(), Gate(k, 1 / 6f, 0.5f)),
        ["Softsign"] = k => k.Div(k.X(), k.Add(k.Mul(k.X(), k.Hold(k.Point.Sign(k.X0()))), k.Scalar(1))),
        ["Abs"] = k => k.Mul(k.X(), k.Hold(k.Point.Sign(k.X0()))),
        ["ReduceL1"] = k => Sum(k, k.Mul(k.X(), k.Hold(k.Point.Sign(k.X0())))),
        ["Max"] = Extremum,
        ["Min"] = Extremum,
        ["ReduceMax"] = ReducedExtremum,
        ["ReduceMin"] = ReducedExtremum,
        ["GlobalMaxPool"] = k => Winners(k, new Dictionary<string, object> { ["kernel_shape"] = k.X0().StaticDims()[2..] }),
        ["MaxPool"] = k => Winners(k, k.Node.Attributes.Where(a => a.Key != "storage_order").ToDictionary()),
        ["QuantizeLinear"] = FrozenQuantization.Quantize,
        ["TopK"] = k => k.Emit(
            "GatherElements", [k.X(), k.Hold(k.Point.Node("TopK", k.Node.Inputs, k.Node.Attributes, outputs: 2)[1])], ("axis", k.Node.Int("axis", -1))),
    };

    /// <summary>alpha (exp(x * slope) - 1), of what is not above 0 at the point.</summary>
    private static Value Saturating(FrozenContext k, float alpha, float slope = 1) =>
        k.Mul(k.Sub(k.Exp(k.Mul(k.X(), slope)), k.Scalar(1)), alpha);

    /// <summary>x moved towards 0 by the bias, of what is further away than lambd; 0 between.</summary>
    private static Value Shrink(FrozenContext k)
    {
        var (border, bias) = (k.Node.Float("lambd", 0.5f), k.Node.Float("bias", 0));
        var below = k.Hold(k.Point.Less(k.X0(), k.Point.Scalar(-border, k.X0().Type)));
        return k.Where(k.IsAbove(border), k.Sub(k.X(), k.Scalar(bias)), k.Where(below, k.Add(k.X(), k.Scalar(bias)), k.Scalar(0)));
    }

    private static Value Clip(FrozenContext k)
    {
        var inside = k.Point.Equal(k.Point.Scalar(0), k.Point.Scalar(0));
        if (k.Node.Input(1) is { } low) inside = k.Point.And(inside, k.Point.Greater(k.X0(), low));
        if (k.Node.Input(2) is { } high) inside = k.Point.And(inside, k.Point.Less(k.X0(), high));
        return k.Where(k.Hold(inside), k.X(), k.Hold(k.Y0));
    }

    /// <summary>max(0, min(1, alpha x + beta)).</summary>
    private static Value Gate(FrozenContext k, float alpha, float beta)
    {
        var at = k.Point.Add(k.Point.Mul(k.X0(), alpha), k.Point.Scalar(beta));
        var inside = k.Point.And(k.Point.Greater(at, k.Point.Scalar(0)), k.Point.Less(at, k.Point.Scalar(1)));
        var outside = k.Point.Cast(k.Point.GreaterOrEqual(at, k.Point.Scalar(1)), k.X0().Type);
        return k.Where(k.Hold(inside), k.Add(k.Mul(k.X(), alpha), k.Scalar(beta)), k.Hold(outside));
    }

    /// <summary>The maximum of several tensors; ties share the gradient.</summary>
    private static Value Extremum(FrozenContext k)
    {
        var hits = Enumerable.Range(0, k.Node.Inputs.Length).Select(i => k.Point.Cast(k.Point.Equal(k.X0(i), k.Y0), k.Y0.Type)).ToArray();
        var all = hits.Length == 1 ? hits[0] : k.Point.Emit("Sum", hits);
        return hits.Select((hit, i) => k.Mul(k.X(i), k.Hold(k.Point.Div(hit, all)))).Aggregate((a, b) => k.Add(a, b));
    }

    /// <summary>Over axes; ties share.</summary>
    private static Value ReducedExtremum(FrozenContext k)
    {
        var kept = new Dictionary<string, object>(k.Node.Attributes) { ["keepdims"] = 1L };
        var peak = k.Point.Node(k.Node.OpType, k.Node.Inputs, kept)[0];
        var hits = k.Point.Cast(k.Point.Equal(k.X0(), peak), k.Y0.Type);
        var share = k.Point.Div(hits, k.Point.Node("ReduceSum", [hits, .. k.Node.Inputs.Skip(1)], kept)[0]);
        return Sum(k, k.Mul(k.X(), k.Hold(share)));
    }

    private static Value Sum(FrozenContext k, Value summands) =>
        k.Builder.Node("ReduceSum", [summands, .. k.Node.Inputs.Skip(1).Select((_, i) => k.X(i + 1))], k.Node.Attributes)[0];

    /// <summary>The places that win the windows of a pool at the point, the first of equal ones.</summary>
    private static Value Winners(FrozenContext k, Dictionary<string, object> window)
    {
        var places = k.Point.Node("MaxPool", [k.X0()], window, outputs: 2)[1];
        return k.Gather(k.Reshape(k.X(), -1), k.Hold(places), 0);
    }
}

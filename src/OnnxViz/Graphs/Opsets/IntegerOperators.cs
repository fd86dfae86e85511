namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Operators on quantised numbers (the QOperator format) as the float operator between DequantizeLinear and
/// QuantizeLinear that they were made of. The float result has the node's name: it is the layer.
/// </summary>
internal static class IntegerOperators
{
    // Of the layout of the ones that ONNX Runtime moves to channels last.
    private static readonly string[] Layout = ["channels_last", "opset"];

    /// <summary>x, scale, zero point; w likewise, one scale for each output channel or one for all; y's; bias in units of both scales.</summary>
    public static void Conv(Expansion e)
    {
        var bias = e.Input(8) is { } b ? Bias(e, b, e.Input(1), e.Input(4), axis: 0) : null;
        Finish(e, "Conv", [Real(e, 0), Real(e, 3, axis: 0), bias], 6);
    }

    /// <summary>a and b with scale and zero point each, then y's.</summary>
    public static void Pair(Expansion e, string opType) => Finish(e, opType, [Real(e, 0), Real(e, 3)], 6);

    /// <summary>x with scale and zero point, then y's.</summary>
    public static void Single(Expansion e, string opType) => Finish(e, opType, [Real(e, 0)], 3);

    /// <summary>y's scale and zero point, then triples.</summary>
    public static void Concat(Expansion e) =>
        Finish(e, "Concat", [.. Enumerable.Range(0, (e.Node.Inputs.Length - 2) / 3).Select(i => Real(e, 2 + (3 * i)))], 0);

    /// <summary>a, b (one scale for each column or one for all), c in units of both scales, y's scale and zero point unless y is float32.</summary>
    public static void Gemm(Expansion e)
    {
        var alpha = e.Node.Float("alpha", 1);
        var axis = e.Node.Int("transB", 0) == 0 ? 1 : 0;
        var c = e.Input(6) is { } given ? Bias(e, given, e.Input(1), e.Input(4), axis: 1, alpha) : null;
        Finish(e, "Gemm", [Real(e, 0), Real(e, 3, axis), c], 7);
    }

    /// <summary>op(a - za, b - zb) in float32: a, b, their zero points; exact for integers up to 2^24.</summary>
    public static void Whole(Expansion e, string opType)
    {
        var one = e.Constant(1);
        e.Last(opType, [Difference(0, 2, axis: 1), Difference(1, 3, axis: opType == "Conv" ? 0 : 1)], e.Node.AttributesWithout());

        Value Difference(int number, int zero, long axis) => e.Emit("DequantizeLinear", [e.Input(number), one, e.Input(zero)], new() { ["axis"] = axis });
    }

    /// <summary>To eight bits over the range of x and zero: y, scale, zero point.</summary>
    public static void Dynamic(Expansion e)
    {
        var (zero, last) = (e.Constant(0), e.Constant(255));
        var x = e.Input(0);
        var low = e.Emit("Min", [e.Emit("ReduceMin", [x], All()), zero]);
        var high = e.Emit("Max", [e.Emit("ReduceMax", [x], All()), zero]);
        e.Emit("Div", [e.Emit("Sub", [high, low]), last], output: e.Node.Outputs[1]);
        var real = e.Emit("Round", [e.Emit("Neg", [e.Emit("Div", [low, e.Node.Outputs[1]])])]);
        e.Emit("Cast", [real], new() { ["to"] = (long)ElementType.UInt8 }, output: e.Node.Outputs[2]);
        e.Last("QuantizeLinear", [x, e.Node.Outputs[1], e.Node.Outputs[2]]);

        static Dictionary<string, object> All() => new() { ["keepdims"] = 0L };
    }

    private static void Finish(Expansion e, string opType, Value?[] inputs, int scale)
    {
        if (e.Node.Int("channels_last", 0) != 0) throw e.Unknown("has channels_last=1");
        var attributes = e.Node.AttributesWithout(Layout);
        if (e.Input(scale) is not { } unit)
        {
            e.Last(opType, inputs, attributes);
            return;
        }

        var real = e.Emit(opType, inputs, attributes, e.Node.Name);
        e.Last("QuantizeLinear", [real, unit, e.Input(scale + 1)], name: e.Node.Name + "/QuantizeLinear");
    }

    private static Value Real(Expansion e, int at, long axis = 1) =>
        e.Emit("DequantizeLinear", [e.Input(at), e.Input(at + 1), e.Input(at + 2)], new() { ["axis"] = axis });

    /// <summary>int32 in units of the product of two scales.</summary>
    private static Value Bias(Expansion e, Value bias, Value? scale, Value? weightScale, long axis, float alpha = 1)
    {
        var unit = e.Emit("Mul", [scale, weightScale]);
        if (alpha != 1) unit = e.Emit("Mul", [unit, e.Constant(alpha)]);
        // A vector in a matrix product's place for C has its one axis last.
        return e.Emit("DequantizeLinear", [bias, unit], new() { ["axis"] = bias.Dims is { Length: 1 } ? 0L : axis });
    }
}

namespace OnnxViz.Graphs.Emit;

/// <summary>The standard operators as methods, in the forms of opset 18.</summary>
internal static class Operators
{
    public static Value Emit(this IEmitter e, string opType, Value?[] inputs, params (string, object)[] attributes) =>
        e.Builder.Emit(opType, inputs, attributes);

    public static Value Scalar(this IEmitter e, float value) => e.Builder.Constant(value);

    public static Value Scalar(this IEmitter e, float value, ElementType type) => e.Builder.Constant(Folding.Casting.To(Tensor.Scalar(value), type));

    public static Value Add(this IEmitter e, Value a, Value b) => e.Emit("Add", [a, b]);

    public static Value Sub(this IEmitter e, Value a, Value b) => e.Emit("Sub", [a, b]);

    public static Value Mul(this IEmitter e, Value a, Value b) => e.Emit("Mul", [a, b]);

    public static Value Mul(this IEmitter e, Value a, float b) => e.Mul(a, e.Scalar(b, a.Type));

    public static Value Div(this IEmitter e, Value a, Value b) => e.Emit("Div", [a, b]);

    public static Value Pow(this IEmitter e, Value a, float exponent) => e.Emit("Pow", [a, e.Scalar(exponent, a.Type)]);

    public static Value Neg(this IEmitter e, Value a) => e.Emit("Neg", [a]);

    public static Value Square(this IEmitter e, Value a) => e.Mul(a, a);

    public static Value Sqrt(this IEmitter e, Value a) => e.Emit("Sqrt", [a]);

    public static Value Exp(this IEmitter e, Value a) => e.Emit("Exp", [a]);

    public static Value Sign(this IEmitter e, Value a) => e.Emit("Sign", [a]);

    public static Value Abs(this IEmitter e, Value a) => e.Emit("Abs", [a]);

    public static Value Relu(this IEmitter e, Value a) => e.Emit("Relu", [a]);

    public static Value Sigmoid(this IEmitter e, Value a) => e.Emit("Sigmoid", [a]);

    public static Value Max(this IEmitter e, Value a, Value b) => e.Emit("Max", [a, b]);

    public static Value Min(this IEmitter e, Value a, Value b) => e.Emit("Min", [a, b]);

    /// <summary>Of integers, with the sign of the divisor.</summary>
    public static Value Mod(this IEmitter e, Value a, Value b) => e.Emit("Mod", [a, b]);

    public static Value Floor(this IEmitter e, Value a) => e.Emit("Floor", [a]);

    public static Value Greater(this IEmitter e, Value a, Value b) => e.Emit("Greater", [a, b]);

    public static Value Less(this IEmitter e, Value a, Value b) => e.Emit("Less", [a, b]);

    public static Value GreaterOrEqual(this IEmitter e, Value a, Value b) => e.Emit("GreaterOrEqual", [a, b]);

    public static Value LessOrEqual(this IEmitter e, Value a, Value b) => e.Emit("LessOrEqual", [a, b]);

    public static Value Equal(this IEmitter e, Value a, Value b) => e.Emit("Equal", [a, b]);

    public static Value And(this IEmitter e, Value a, Value b) => e.Emit("And", [a, b]);

    public static Value Not(this IEmitter e, Value a) => e.Emit("Not", [a]);

    public static Value Where(this IEmitter e, Value condition, Value yes, Value no) => e.Emit("Where", [condition, yes, no]);

    public static Value Cast(this IEmitter e, Value a, ElementType type) => a.Type == type ? a : e.Emit("Cast", [a], ("to", (long)type));

    public static Value MatMul(this IEmitter e, Value a, Value b) => e.Emit("MatMul", [a, b]);

    public static Value Transpose(this IEmitter e, Value a, params long[] perm) => e.Emit("Transpose", [a], ("perm", perm));

    /// <summary>[N, positions..., C] to [N, C, positions...].</summary>
    public static Value ChannelsFirst(this IEmitter e, Value a) => e.Transpose(a, [0, a.Rank - 1, .. Shapes.Axes(1, a.Rank - 2)]);

    /// <summary>[N, C, positions...] to [N, positions..., C].</summary>
    public static Value ChannelsLast(this IEmitter e, Value a) => e.Transpose(a, [0, .. Shapes.Axes(2, a.Rank - 2), 1]);

    public static Value Reshape(this IEmitter e, Value a, params long[] dims) => e.Reshape(a, e.Longs(dims));

    public static Value Unsqueeze(this IEmitter e, Value a, params long[] axes) => e.Emit("Unsqueeze", [a, e.Builder.Longs(axes)]);

    public static Value Squeeze(this IEmitter e, Value a, params long[] axes) => e.Emit("Squeeze", [a, e.Builder.Longs(axes)]);

    public static Value Expand(this IEmitter e, Value a, params long[] dims) => e.Expand(a, e.Longs(dims));

    public static Value Concat(this IEmitter e, long axis, params Value[] parts) => e.Emit("Concat", parts, ("axis", axis));

    public static Value Slice(this IEmitter e, Value a, long[] starts, long[] ends, long[] axes, long[]? steps = null) =>
        e.Slice(a, e.Longs(starts), e.Longs(ends), axes, steps);

    /// <summary>Pads with a constant: all begins, then all ends; negative numbers crop.</summary>
    public static Value Pad(this IEmitter e, Value a, long[] pads, float value = 0) =>
        Array.TrueForAll(pads, p => p == 0) ? a : e.Emit("Pad", [a, e.Builder.Longs(pads), e.Scalar(value)]);

    /// <summary>An axis from its end to its beginning.</summary>
    public static Value Reverse(this IEmitter e, Value a, int axis) => e.Slice(a, [-1], [long.MinValue + 1], [axis], [-1]);

    public static Value ScatterElements(this IEmitter e, Value a, Value indices, Value updates, long axis, string reduction = "none") =>
        e.Emit("ScatterElements", [a, indices, updates], ("axis", axis), ("reduction", reduction));

    public static Value Gather(this IEmitter e, Value a, Value indices, long axis) => e.Emit("Gather", [a, indices], ("axis", axis));

    /// <summary>Sum over the axes, which stay as 1 unless told otherwise; over everything when none is given.</summary>
    public static Value ReduceSum(this IEmitter e, Value a, long[] axes, bool keep = true) => Reduce(e, "ReduceSum", a, axes, keep);

    public static Value ReduceMean(this IEmitter e, Value a, long[] axes, bool keep = true) => Reduce(e, "ReduceMean", a, axes, keep);

    public static Value ReduceMax(this IEmitter e, Value a, long[] axes, bool keep = true) => Reduce(e, "ReduceMax", a, axes, keep);

    private static Value Reduce(IEmitter e, string op, Value a, long[] axes, bool keep) =>
        e.Emit(op, [a, e.Builder.Longs(axes)], ("keepdims", keep ? 1L : 0L));
}

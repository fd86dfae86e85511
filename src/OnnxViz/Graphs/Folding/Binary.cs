using System.Numerics;

namespace OnnxViz.Graphs.Folding;

/// <summary>Arithmetic on two tensors or more, in their own element type.</summary>
internal static class Binary
{
    public static Tensor[]? Add(Node node) => Apply<Plus>(node);

    public static Tensor[]? Sub(Node node) => Apply<Minus>(node);

    public static Tensor[]? Mul(Node node) => Apply<Times>(node);

    public static Tensor[]? Max(Node node) => Apply<Larger>(node);

    public static Tensor[]? Min(Node node) => Apply<Smaller>(node);

    /// <summary>Integers are divided towards zero; a division by zero is left to ONNX Runtime.</summary>
    public static Tensor[]? Div(Node node) => HasZeroDivisor(node) ? null : Apply<Quotient>(node);

    /// <summary>The sign of the divisor, as in Python, or with fmod that of the dividend, as in C.</summary>
    public static Tensor[]? Mod(Node node) =>
        HasZeroDivisor(node) ? null : node.Int("fmod", 0) != 0 ? Apply<Remainder>(node) : Apply<Modulus>(node);

    public static Tensor[]? Pow(Node node)
    {
        var (x, exponent) = (node.Constant(0), node.Constant(1));
        // Integers go by way of float64, as in ONNX Runtime.
        var type = x.Type.IsFloating() ? x.Type : ElementType.Double;
        var (a, b) = (Casting.To(x, type), Casting.To(exponent, type));
        if (Run<Power>(type, [a, b], node.Outputs[0].Dims) is not { } read) return null;
        var result = new Tensor(type, node.Outputs[0].Dims!, read);
        return [Casting.To(result, x.Type)];
    }

    public static Tensor[]? Clip(Node node)
    {
        var x = node.Constant(0);
        var (low, high) = (node.Input(1)?.Constant, node.Input(2)?.Constant);
        Func<byte[]>? read = x.Read;
        if (low is not null) read = Run<Larger>(x.Type, [x, low], x.Dims);
        if (high is not null && read is not null) read = Run<Smaller>(x.Type, [new Tensor(x.Type, x.Dims, read), high], x.Dims);
        return read is null ? null : Fold.Lazily(node, read);
    }

    private static bool HasZeroDivisor(Node node) =>
        !node.Constant(1).Type.IsFloating() && Array.IndexOf(node.Constant(1).ToLongs(), 0) >= 0;

    private static Tensor[]? Apply<TPair>(Node node) where TPair : struct, IPair =>
        Run<TPair>(node.Outputs[0].Type, Array.ConvertAll(node.Inputs, input => input!.Constant!), node.Outputs[0].Dims) is { } read
            ? Fold.Lazily(node, read)
            : null;

    private static Func<byte[]>? Run<TPair>(ElementType type, Tensor[] inputs, long[]? dims) where TPair : struct, IPair
    {
        if (dims is null || !Array.TrueForAll(inputs, input => input.Type == type)) return null;
        return type switch
        {
            ElementType.Float => () => Run<float, TPair>(inputs),
            ElementType.Double => () => Run<double, TPair>(inputs),
            ElementType.Float16 => () => Run<Half, TPair>(inputs),
            ElementType.Int64 => () => Run<long, TPair>(inputs),
            ElementType.Int32 => () => Run<int, TPair>(inputs),
            ElementType.Int16 => () => Run<short, TPair>(inputs),
            ElementType.Int8 => () => Run<sbyte, TPair>(inputs),
            ElementType.UInt64 => () => Run<ulong, TPair>(inputs),
            ElementType.UInt32 => () => Run<uint, TPair>(inputs),
            ElementType.UInt16 => () => Run<ushort, TPair>(inputs),
            ElementType.UInt8 => () => Run<byte, TPair>(inputs),
            _ => null,
        };
    }

    private static byte[] Run<T, TPair>(Tensor[] inputs) where T : unmanaged, INumber<T> where TPair : struct, IPair
    {
        var (bytes, dims) = (inputs[0].Read(), inputs[0].Dims);
        foreach (var next in inputs.Skip(1))
        {
            var both = Shapes.Broadcast(dims, next.Dims)!;
            (bytes, dims) = (Broadcasting.Combine<T, TPair>(bytes, dims, next.Read(), next.Dims, both), both);
        }

        return bytes;
    }

    private static bool IsMinusOne<T>(T b) where T : unmanaged, INumber<T> => T.IsNegative(b) && b + T.One == T.Zero;

    /// <summary>The remainder of the smallest integer divided by -1 is 0 instead of an overflow.</summary>
    private static T Rest<T>(T a, T b) where T : unmanaged, INumber<T> =>
        IsMinusOne(b) && T.IsZero(T.One / (T.One + T.One)) ? T.Zero : a % b;

    private readonly struct Plus : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => a + b;
    }

    private readonly struct Minus : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => a - b;
    }

    private readonly struct Times : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => a * b;
    }

    private readonly struct Larger : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => T.Max(a, b);
    }

    private readonly struct Smaller : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => T.Min(a, b);
    }

    private readonly struct Quotient : IPair
    {
        // The smallest integer divided by -1 is itself instead of an overflow.
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => IsMinusOne(b) ? T.Zero - a : a / b;
    }

    private readonly struct Remainder : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => Rest(a, b);
    }

    private readonly struct Modulus : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            var rest = Rest(a, b);
            return T.IsZero(rest) || T.IsNegative(rest) == T.IsNegative(b) ? rest : rest + b;
        }
    }

    private readonly struct Power : IPair
    {
        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> =>
            T.CreateTruncating(Math.Pow(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}

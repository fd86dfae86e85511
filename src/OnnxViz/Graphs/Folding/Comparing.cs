using System.Numerics;

namespace OnnxViz.Graphs.Folding;

/// <summary>Questions about two tensors, and the choice that depends on the answer.</summary>
internal static class Comparing
{
    public static Tensor[]? Equal(Node node) => Apply<Same>(node);

    public static Tensor[]? Greater(Node node) => Apply<Above>(node);

    public static Tensor[]? GreaterOrEqual(Node node) => Apply<AtLeast>(node);

    public static Tensor[]? Less(Node node) => Apply<Below>(node);

    public static Tensor[]? LessOrEqual(Node node) => Apply<AtMost>(node);

    public static Tensor[]? And(Node node) => Apply<Both>(node);

    public static Tensor[]? Or(Node node) => Apply<Either>(node);

    public static Tensor[]? Xor(Node node) => Apply<Different>(node);

    public static Tensor[]? Where(Node node)
    {
        var tensors = Array.ConvertAll(node.Inputs, input => input!.Constant!);
        return Fold.Lazily(node, () =>
        {
            var dims = node.Outputs[0].Dims!;
            var (test, result, other) = (Stretched(tensors[0]), Stretched(tensors[1]), Stretched(tensors[2]));
            var size = tensors[1].Type.Size();
            for (var i = 0; i < test.Length; i++)
                if (test[i] == 0) Buffer.BlockCopy(other, i * size, result, i * size, size);
            return result;

            byte[] Stretched(Tensor x) => StridedCopy.Of(x.Read(), x.Type.Size(), dims, 0, Fold.BroadcastStrides(x.Dims, dims.Length));
        });
    }

    private static Tensor[]? Apply<TTest>(Node node) where TTest : struct, ITest
    {
        var (a, b) = (node.Constant(0), node.Constant(1));
        if (a.Type != b.Type) return null;
        return a.Type switch
        {
            ElementType.Float => Run<float, TTest>(node, a, b),
            ElementType.Double => Run<double, TTest>(node, a, b),
            ElementType.Float16 => Run<Half, TTest>(node, a, b),
            ElementType.Int64 => Run<long, TTest>(node, a, b),
            ElementType.Int32 => Run<int, TTest>(node, a, b),
            ElementType.Int16 => Run<short, TTest>(node, a, b),
            ElementType.Int8 => Run<sbyte, TTest>(node, a, b),
            ElementType.UInt64 => Run<ulong, TTest>(node, a, b),
            ElementType.UInt32 => Run<uint, TTest>(node, a, b),
            ElementType.UInt16 => Run<ushort, TTest>(node, a, b),
            ElementType.UInt8 or ElementType.Bool => Run<byte, TTest>(node, a, b),
            _ => null,
        };
    }

    private static Tensor[]? Run<T, TTest>(Node node, Tensor a, Tensor b) where T : unmanaged, INumber<T> where TTest : struct, ITest =>
        Fold.Lazily(node, () => Broadcasting.Test<T, TTest>(a.Read(), a.Dims, b.Read(), b.Dims, node.Outputs[0].Dims!));

    private readonly struct Same : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => a == b;
    }

    private readonly struct Above : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => a > b;
    }

    private readonly struct AtLeast : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => a >= b;
    }

    private readonly struct Below : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => a < b;
    }

    private readonly struct AtMost : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => a <= b;
    }

    private readonly struct Both : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => !T.IsZero(a) && !T.IsZero(b);
    }

    private readonly struct Either : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => !T.IsZero(a) || !T.IsZero(b);
    }

    private readonly struct Different : ITest
    {
        public static bool Of<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsZero(a) != T.IsZero(b);
    }
}

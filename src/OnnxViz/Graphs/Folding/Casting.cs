using System.Numerics;
using System.Numerics.Tensors;

namespace OnnxViz.Graphs.Folding;

/// <summary>Conversions between element types. Floating-point numbers become integers by truncation.</summary>
internal static class Casting
{
    public static Tensor[]? Cast(Node node)
    {
        var type = node.Outputs[0].Type;
        return type.Size() > 0 ? [To(node.Constant(0), type)] : null;
    }

    /// <summary>The tensor itself when it is of that type already.</summary>
    public static Tensor To(Tensor x, ElementType type) => x.Type == type ? x : new Tensor(type, x.Dims, () => Bytes(x, type));

    private static byte[] Bytes(Tensor x, ElementType to) => x.Type switch
    {
        _ when x.Type == to => x.Read(),
        ElementType.Float => From<float>(x.Read(), to),
        ElementType.Double => From<double>(x.Read(), to),
        ElementType.Float16 when to == ElementType.Float => x.Use(Widened),
        ElementType.Float16 => From<Half>(x.Read(), to),
        ElementType.BFloat16 => From<float>(Widen(x.Read()), to),
        ElementType.Int64 => From<long>(x.Read(), to),
        ElementType.Int32 => From<int>(x.Read(), to),
        ElementType.Int16 => From<short>(x.Read(), to),
        ElementType.Int8 => From<sbyte>(x.Read(), to),
        ElementType.UInt64 => From<ulong>(x.Read(), to),
        ElementType.UInt32 => From<uint>(x.Read(), to),
        ElementType.UInt16 => From<ushort>(x.Read(), to),
        _ => From<byte>(x.Read(), to),
    };

    private static byte[] From<T>(byte[] bytes, ElementType to) where T : unmanaged, INumber<T>
    {
        var x = Fold.As<T>(bytes);
        return to switch
        {
            ElementType.Float => Each<T, float>(x),
            ElementType.Double => Each<T, double>(x),
            ElementType.Float16 => Each<T, Half>(x),
            ElementType.BFloat16 => Narrow(Each<T, float>(x)),
            ElementType.Int64 => Each<T, long>(x),
            ElementType.Int32 => Each<T, int>(x),
            ElementType.Int16 => Each<T, short>(x),
            ElementType.Int8 => Each<T, sbyte>(x),
            ElementType.UInt64 => Each<T, ulong>(x),
            ElementType.UInt32 => Each<T, uint>(x),
            ElementType.UInt16 => Each<T, ushort>(x),
            ElementType.UInt8 => Each<T, byte>(x),
            _ => Truth(x),
        };
    }

    /// <summary>float16 to float32, many at a time: so weights are kept that are to take little room.</summary>
    private static byte[] Widened(byte[] bytes)
    {
        var wide = Scratch.Take(2L * bytes.Length);
        TensorPrimitives.ConvertToSingle(Fold.As<Half>(bytes), Fold.As<float>(wide));
        return wide;
    }

    private static byte[] Each<TFrom, TTo>(Span<TFrom> x)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        var bytes = new byte[x.Length * ElementTypes.Of<TTo>().Size()];
        var y = Fold.As<TTo>(bytes);
        for (var i = 0; i < y.Length; i++) y[i] = TTo.CreateTruncating(x[i]);
        return bytes;
    }

    private static byte[] Truth<T>(Span<T> x) where T : unmanaged, INumber<T>
    {
        var y = new byte[x.Length];
        for (var i = 0; i < y.Length; i++) y[i] = T.IsZero(x[i]) ? (byte)0 : (byte)1;
        return y;
    }

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    private static byte[] Widen(byte[] bytes)
    {
        var x = Fold.As<ushort>(bytes);
        var y = new uint[x.Length];
        for (var i = 0; i < y.Length; i++) y[i] = (uint)x[i] << 16;
        return Fold.ToBytes(y);
    }

    /// <summary>Rounds to the nearest, ties to even.</summary>
    private static byte[] Narrow(byte[] bytes)
    {
        var x = Fold.As<uint>(bytes);
        var y = new ushort[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var isNaN = (x[i] & 0x7fffffff) > 0x7f800000;
            y[i] = isNaN ? (ushort)((x[i] >> 16) | 0x40) : (ushort)((x[i] + 0x7fff + ((x[i] >> 16) & 1)) >> 16);
        }

        return Fold.ToBytes(y);
    }
}

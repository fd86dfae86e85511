namespace OnnxViz.Graphs;

/// <summary>The element types of tensors, numbered as in ONNX's TensorProto.DataType.</summary>
public enum ElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

internal static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for types that are not stored as plain numbers.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>Bits and smallest number of a type of integers; null for other types.</summary>
    public static (int Bits, long Low)? Whole(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => (8 * type.Size(), 0),
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => (8 * type.Size(), long.MinValue >> (64 - (8 * type.Size()))),
        _ => null,
    };

    /// <summary>The numbers that a type of quantised values, 8 or 16 bits wide, can hold; null for other types.</summary>
    public static (long Low, long High)? IntegerRange(this ElementType type) => type switch
    {
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        _ => null,
    };

    public static bool IsFloating(this ElementType type) =>
        type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16;

    public static ElementType Of<T>() where T : unmanaged => default(T) switch
    {
        float => ElementType.Float,
        double => ElementType.Double,
        long => ElementType.Int64,
        int => ElementType.Int32,
        byte => ElementType.UInt8,
        sbyte => ElementType.Int8,
        bool => ElementType.Bool,
        Half => ElementType.Float16,
        short => ElementType.Int16,
        ushort => ElementType.UInt16,
        uint => ElementType.UInt32,
        ulong => ElementType.UInt64,
        _ => throw new ArgumentException($"No ONNX element type for {typeof(T).Name}."),
    };
}

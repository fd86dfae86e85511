using System.Runtime.InteropServices;

namespace OnnxViz.Graphs;

/// <summary>
/// A constant: element type, dimensions and little-endian elements in row-major order. The bytes of a large
/// initializer stay in its file until somebody reads them, so that what is cut away is never loaded. Safe to read from several threads.
/// </summary>
public sealed class Tensor
{
    private readonly Lazy<byte[]> _bytes;
    private volatile Func<byte[]>? _read;
    private int _reads;

    /// <param name="type">A type with a fixed size.</param>
    /// <param name="dims">Dimensions, none negative; empty for a scalar.</param>
    /// <param name="read">Delivers exactly Count * Size bytes.</param>
    public Tensor(ElementType type, long[] dims, Func<byte[]> read)
    {
        if (type.Size() == 0) throw OnnxVizException.Input($"Tensors of type {type} are not supported.");
        (Type, Dims, Count) = (type, dims, Shapes.Count(dims));
        _read = read;
        _bytes = new Lazy<byte[]>(() =>
        {
            var bytes = Checked(read());
            Scratch.Keep(bytes);
            // What the elements were computed from is of no more use.
            _read = null;
            return bytes;
        });
    }

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Dimensions, none negative; empty for a scalar. Not to be written into.</summary>
    public long[] Dims { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Bytes of all elements.</summary>
    public long ByteLength => Count * Type.Size();

    /// <summary>Where the elements lie in a file just as they are here; null when they are computed.</summary>
    internal FileRange? Stored { get; init; }

    /// <summary>How many results that are computed one from another have to be for this one; 0 when its elements are there or in a file.</summary>
    internal int Pending
    {
        get => _bytes.IsValueCreated ? 0 : field;
        set;
    }

    /// <summary>The elements as stored; do not write into it.</summary>
    public byte[] Bytes => _bytes.Value;

    /// <summary>
    /// The elements, row-major and little-endian, to compute others from. The first call does not cache them, so that a
    /// weight is not held both as it was stored and as it is used; the second does.
    /// </summary>
    internal byte[] Read()
    {
        if (_read is not { } read || Interlocked.Increment(ref _reads) > 1) return Bytes;
        return Checked(read());
    }

    /// <summary>As <see cref="Read"/>, for as long as the action lasts: it must not hold the array.</summary>
    internal TResult Use<TResult>(Func<byte[], TResult> action)
    {
        var bytes = Read();
        var result = action(bytes);
        Scratch.Give(bytes);
        return result;
    }

    /// <summary>The elements, read without caching them; does not count as a call of <see cref="Read"/>.</summary>
    internal byte[] ReadOnce() => _bytes.IsValueCreated || _read is not { } read ? Bytes : Checked(read());

    /// <summary>A tensor holding a copy of the elements.</summary>
    public static Tensor Of<T>(ReadOnlySpan<T> elements, params long[] dims) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(elements).ToArray();
        var tensor = new Tensor(ElementTypes.Of<T>(), dims, () => bytes);
        _ = tensor.Bytes;
        return tensor;
    }

    public static Tensor Of<T>(T[] elements, params long[] dims) where T : unmanaged => Of((ReadOnlySpan<T>)elements, dims);

    /// <summary>A tensor of one element, without dimensions.</summary>
    public static Tensor Scalar<T>(T value) where T : unmanaged => Of([value]);

    /// <summary>A 1-D int64 tensor, as shapes, axes and pads are given.</summary>
    public static Tensor Longs(params long[] values) => Of(values, values.Length);

    /// <summary>The elements in row-major order, without a copy.</summary>
    /// <exception cref="InvalidOperationException">T is not the stored type.</exception>
    public ReadOnlySpan<T> As<T>() where T : unmanaged =>
        ElementTypes.Of<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The tensor holds {Type}, not {typeof(T).Name}.");

    /// <summary>All elements as float32; integers and booleans are converted.</summary>
    public float[] ToFloats() => Type == ElementType.Float ? As<float>().ToArray() : Convert(x => (float)x);

    /// <summary>All elements as float64, exactly, but for integers beyond 2^53.</summary>
    public double[] ToDoubles() => Convert(x => x);

    /// <summary>All elements as int64; floating-point numbers are truncated towards zero.</summary>
    public long[] ToLongs() => Type == ElementType.Int64 ? As<long>().ToArray() : Convert(x => (long)x);

    /// <summary>The same elements in other dimensions, of the same count.</summary>
    public Tensor Reshaped(params long[] dims) => new(Type, dims, Read) { Stored = Stored };

    public override string ToString() => $"{Type}[{string.Join(',', Dims)}]";

    private byte[] Checked(byte[] bytes) => bytes.Length == ByteLength
        ? bytes
        : throw OnnxVizException.Input($"A tensor of {this} holds {bytes.Length} bytes instead of {ByteLength}.");

    private TOut[] Convert<TOut>(Func<double, TOut> to)
    {
        var result = new TOut[Count];
        switch (Type)
        {
            case ElementType.Float: Each<float>(x => x); break;
            case ElementType.Double: Each<double>(x => x); break;
            case ElementType.Float16: Each<Half>(x => (double)x); break;
            case ElementType.Int64: Each<long>(x => x); break;
            case ElementType.Int32: Each<int>(x => x); break;
            case ElementType.Int16: Each<short>(x => x); break;
            case ElementType.Int8: Each<sbyte>(x => x); break;
            case ElementType.UInt8: Each<byte>(x => x); break;
            case ElementType.UInt16: Each<ushort>(x => x); break;
            case ElementType.UInt32: Each<uint>(x => x); break;
            case ElementType.UInt64: Each<ulong>(x => x); break;
            case ElementType.Bool: EachByte(x => x != 0 ? 1 : 0); break;
            case ElementType.BFloat16: EachBrain(); break;
            default: throw new InvalidOperationException($"No numbers in {this}.");
        }

        return result;

        void Each<T>(Func<T, double> number) where T : unmanaged
        {
            var source = As<T>();
            for (var i = 0; i < source.Length; i++) result[i] = to(number(source[i]));
        }

        void EachByte(Func<byte, double> number)
        {
            for (var i = 0; i < result.Length; i++) result[i] = to(number(Bytes[i]));
        }

        void EachBrain()
        {
            var source = MemoryMarshal.Cast<byte, ushort>(Bytes);
            for (var i = 0; i < source.Length; i++) result[i] = to(BitConverter.UInt32BitsToSingle((uint)source[i] << 16));
        }
    }
}

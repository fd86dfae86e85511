using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace OnnxViz.Onnx;

/// <summary>NumPy's .npy format, versions 1 to 3: how tensors come from and go to other tools.</summary>
public static partial class NpyFile
{
    private const int MaxHeader = 1 << 16;

    /// <summary>NumPy's own limit.</summary>
    private const int MaxRank = 64;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly (string Descr, ElementType Type)[] Types =
    [
        ("<f4", ElementType.Float),
        ("<f8", ElementType.Double),
        ("<f2", ElementType.Float16),
        ("<i8", ElementType.Int64),
        ("<i4", ElementType.Int32),
        ("<i2", ElementType.Int16),
        ("|i1", ElementType.Int8),
        ("|u1", ElementType.UInt8),
        ("<u2", ElementType.UInt16),
        ("<u4", ElementType.UInt32),
        ("<u8", ElementType.UInt64),
        ("|b1", ElementType.Bool),
    ];

    /// <summary>Reads little-endian floats, integers and booleans in C order.</summary>
    /// <exception cref="OnnxVizException">Missing, truncated, or of another kind.</exception>
    public static Tensor Load(string path)
    {
        using var file = OpenFile.At(path);
        return Parse($"'{path}'", file.Length, file.Read);
    }

    /// <summary>The same where not all of it is to be held: what the header says, and where the elements begin.</summary>
    /// <exception cref="OnnxVizException">Truncated, or of another kind.</exception>
    internal static (ElementType Type, long[] Dims, long Start) Header(OpenFile file) => Header($"'{file.Path}'", file.Length, file.Read);

    /// <param name="what">What messages call it.</param>
    /// <param name="size">Bytes that there are.</param>
    /// <param name="read">Delivers a part of them: from where on, and how many.</param>
    /// <exception cref="OnnxVizException">Truncated, or of another kind.</exception>
    internal static Tensor Parse(string what, long size, Func<long, long, byte[]> read)
    {
        var (type, dims, at) = Header(what, size, read);
        var bytes = read(at, size - at);
        return new Tensor(type, dims, () => bytes);
    }

    private static (ElementType Type, long[] Dims, long Start) Header(string what, long size, Func<long, long, byte[]> read)
    {
        var start = read(0, Math.Min(size, 12));
        if (start.Length < 12 || !start.AsSpan(0, 6).SequenceEqual(Magic))
            throw OnnxVizException.Input($"{what} is not a .npy file (numpy.save makes one).");
        var (at, length) = start[6] == 1 ? (10, BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8))) : (12, BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8)));
        if (length > MaxHeader || at + length > size) throw OnnxVizException.Input($"{what} ends within its header.");
        var header = HeaderText().Match(Encoding.Latin1.GetString(read(at, length)));
        if (!header.Success) throw OnnxVizException.Input($"{what} has a header that no numpy.save writes.");
        if (header.Groups["order"].Value == "True") throw OnnxVizException.Input($"{what} is in Fortran order: save numpy.ascontiguousarray(x).");
        var type = Types.FirstOrDefault(t => t.Descr == header.Groups["type"].Value).Type;
        if (type == ElementType.Undefined) throw OnnxVizException.Input($"{what} holds '{header.Groups["type"].Value}': float32, float64, integers and booleans are read.");
        var dims = header.Groups["dims"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(d => long.TryParse(d, NumberStyles.None, null, out var n) ? n : throw OnnxVizException.Input($"{what} has the dimension '{d}'."))
            .ToArray();
        if (dims.Length > MaxRank) throw OnnxVizException.Input($"{what} has {dims.Length} dimensions.");
        // Nothing is allocated for a shape that the file only claims to have.
        var (expected, data) = (Shapes.Count(dims) * type.Size(), size - at - length);
        if (data != expected) throw OnnxVizException.Input($"{what} holds {data} bytes where its shape [{Shapes.Text(dims)}] needs {expected}.");
        return (type, dims, at + length);
    }

    /// <summary>Writes version 1.0.</summary>
    public static byte[] Encode(ReadOnlySpan<float> elements, params long[] dims) => [.. Start(ElementType.Float, dims), .. MemoryMarshal.AsBytes(elements)];

    /// <summary>Writes version 1.0 of a tensor of a type that <see cref="Load"/> reads.</summary>
    internal static void Write(Stream stream, Tensor tensor)
    {
        stream.Write(Start(tensor.Type, tensor.Dims));
        stream.Write(tensor.ReadOnce());
    }

    /// <summary>The bytes before the elements.</summary>
    internal static byte[] Start(ElementType type, long[] dims) => Start(type, 0, dims);

    /// <param name="type">Of the elements.</param>
    /// <param name="least">Bytes that they are at least: a multiple of 64.</param>
    /// <param name="dims">The shape.</param>
    internal static byte[] Start(ElementType type, int least, long[] dims)
    {
        var shape = dims.Length == 1 ? $"({dims[0]},)" : $"({string.Join(", ", dims)})";
        var header = $"{{'descr': '{Types.First(t => t.Type == type).Descr}', 'fortran_order': False, 'shape': {shape}, }}";
        // The data start at a multiple of 64 bytes, as numpy.save has it.
        var padded = header.PadRight(Math.Max(least, (header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        return [.. Magic, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8), .. Encoding.ASCII.GetBytes(padded)];
    }

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']*)'.*'fortran_order':\s*(?<order>True|False).*'shape':\s*\((?<dims>[^)]*)\)", RegexOptions.Singleline)]
    private static partial Regex HeaderText();
}

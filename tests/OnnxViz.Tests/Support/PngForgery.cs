using System.Buffers.Binary;
using System.IO.Compression;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Tests.Support;

/// <summary>PNG files whose checksums are right and whose content need not be.</summary>
internal static class PngForgery
{
    public static byte[] Assemble(IEnumerable<PngChunk> chunks)
    {
        using MemoryStream file = new();
        file.Write(PngChunk.Signature);
        foreach (PngChunk chunk in chunks)
        {
            PngChunk.Write(file, chunk.Type, chunk.Data.Span);
        }

        return file.ToArray();
    }

    /// <summary>A picture of any header over any uncompressed data.</summary>
    public static byte[] Picture(int width, int height, int depth, int color, byte[] data) =>
        Assemble([Header(width, height, depth, color), new("IDAT", Pack(data)), new("IEND", default)]);

    public static PngChunk Header(int width, int height, int depth, int color)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)color);
        return new("IHDR", header);
    }

    public static byte[] Pack(byte[] data)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal))
        {
            zlib.Write(data);
        }

        return packed.ToArray();
    }

    /// <summary>Changes a byte in every other chunk.</summary>
    public static PngChunk Damage(PngChunk chunk, Random random)
    {
        if (chunk.Data.IsEmpty || random.Next(2) == 0)
        {
            return chunk;
        }

        byte[] data = chunk.Data.ToArray();
        // Small values: large sizes are refused at once and would hide everything behind the header.
        data[random.Next(data.Length)] = (byte)random.Next(random.Next(2) == 0 ? 8 : 256);
        return chunk with { Data = data };
    }
}

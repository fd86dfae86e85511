using System.Buffers.Binary;
using System.Text;

namespace OnnxViz.Imaging.Files;

/// <summary>One piece of a PNG file: a type of four letters and its bytes.</summary>
internal readonly record struct PngChunk(string Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>The eight bytes that every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Every chunk up to and with IEND, its checksum checked. What follows IEND is nobody's business.</summary>
    /// <exception cref="OnnxVizException">No PNG file, or it is cut off or damaged.</exception>
    public static IEnumerable<PngChunk> ReadAll(byte[] bytes, string name)
    {
        if (!bytes.AsSpan().StartsWith(Signature))
        {
            throw Damaged(name, "it does not begin like a PNG file");
        }

        for (int at = Signature.Length; ;)
        {
            // Length, type, checksum: 12 bytes around the data.
            if (bytes.Length - at < 12)
            {
                throw Damaged(name, "it ends before its IEND chunk");
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
            {
                throw Damaged(name, "it ends within a chunk");
            }

            PngChunk chunk = new(ReadType(bytes.AsSpan(at + 4, 4), name), bytes.AsMemory(at + 8, (int)length));
            uint checksum = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 8 + (int)length));
            if (checksum != Crc32.Of(bytes.AsSpan(at + 4, 4 + (int)length)))
            {
                throw Damaged(name, $"the checksum of its {chunk.Type} chunk is wrong");
            }

            yield return chunk;
            if (chunk.Type == "IEND")
            {
                yield break;
            }

            at += 12 + (int)length;
        }
    }

    /// <summary>Appends the chunk with its length and checksum.</summary>
    public static void Write(Stream file, string type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }

    /// <summary>The one sentence for every PNG file that cannot be read.</summary>
    public static OnnxVizException Damaged(string name, string what, Exception? inner = null) =>
        OnnxVizException.Input($"Cannot read PNG '{name}': {what}. Is the file whole?", inner);

    private static string ReadType(ReadOnlySpan<byte> type, string name)
    {
        foreach (byte letter in type)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw Damaged(name, "a chunk's type is not four letters");
            }
        }

        return Encoding.ASCII.GetString(type);
    }
}

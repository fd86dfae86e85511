using System.Buffers.Binary;
using System.IO.Compression;

namespace OnnxViz.Imaging.Files;

/// <summary>Writes 8-bit RGB PNG. The bytes depend on the picture, the text and the runtime's zlib, and on nothing else.</summary>
public static class PngWriter
{
    /// <param name="image">The picture.</param>
    /// <param name="text">Keywords (1 to 79 Latin-1 characters) and texts (any), stored in this order before the pixels.</param>
    /// <exception cref="ArgumentException">A keyword that PNG does not allow.</exception>
    public static byte[] Encode(Image image, IReadOnlyList<KeyValuePair<string, string>>? text = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream file = new();
        Begin(file, image, text);
        PngChunk.Write(file, "IDAT", Pack(image));
        PngChunk.Write(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>All that comes before the pixels.</summary>
    internal static void Begin(Stream file, Image image, IReadOnlyList<KeyValuePair<string, string>>? text)
    {
        file.Write(PngChunk.Signature);
        PngChunk.Write(file, "IHDR", Header(image));
        foreach ((string key, string value) in text ?? [])
        {
            PngText.Write(file, key, value);
        }
    }

    private static byte[] Header(Image image)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        // Eight bits a sample; colour type 2 is RGB.
        header[8] = 8;
        header[9] = 2;
        return header;
    }

    /// <summary>The pixels, filtered and compressed, as IDAT holds them.</summary>
    internal static byte[] Pack(Image image)
    {
        using var phase = Profiler.Phase("compress pictures");
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal))
        {
            // One candidate per filter, its number in front; the best one is written.
            byte[][] candidates = [.. Enumerable.Range(0, PngFilter.Count).Select(_ => new byte[1 + (3 * image.Width)])];
            ReadOnlySpan<byte> above = new byte[3 * image.Width];
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                zlib.Write(BestFiltered(row, above, candidates));
                above = row;
            }
        }

        return packed.ToArray();
    }

    private static byte[] BestFiltered(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, byte[][] candidates)
    {
        (int best, int smallest) = (0, int.MaxValue);
        for (int filter = 0; filter < PngFilter.Count; filter++)
        {
            candidates[filter][0] = (byte)filter;
            int sum = PngFilter.Apply(filter, row, above, 3, candidates[filter].AsSpan(1));
            if (sum < smallest)
            {
                (best, smallest) = (filter, sum);
            }
        }

        return candidates[best];
    }
}

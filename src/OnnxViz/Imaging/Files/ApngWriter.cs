using System.Buffers.Binary;

namespace OnnxViz.Imaging.Files;

/// <summary>
/// Writes animated PNG, which everything that shows PNG shows too, if only its first frame: the chunks acTL, fcTL and
/// fdAT of the PNG specification's third edition.
/// </summary>
public static class ApngWriter
{
    /// <param name="frames">At least one, all of one size.</param>
    /// <param name="milliseconds">How long each is seen; as many as frames, up to 65535.</param>
    /// <param name="text">As for <see cref="PngWriter.Encode"/>.</param>
    /// <exception cref="ArgumentException">No frame, sizes that differ, or another number of times.</exception>
    public static byte[] Encode(IReadOnlyList<Image> frames, IReadOnlyList<int> milliseconds, IReadOnlyList<KeyValuePair<string, string>>? text = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(milliseconds);
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count);
        if (milliseconds.Count != frames.Count || frames.Any(f => (f.Width, f.Height) != (frames[0].Width, frames[0].Height)))
        {
            throw new ArgumentException("Frames have one size, and each a time.", nameof(frames));
        }

        using MemoryStream file = new();
        PngWriter.Begin(file, frames[0], text);
        // Number of frames, and 0: played without end.
        PngChunk.Write(file, "acTL", Numbers(frames.Count, 0));
        int sequence = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            PngChunk.Write(file, "fcTL", Control(sequence++, frames[i], milliseconds[i]));
            byte[] packed = PngWriter.Pack(frames[i]);
            if (i == 0)
            {
                PngChunk.Write(file, "IDAT", packed);
            }
            else
            {
                PngChunk.Write(file, "fdAT", [.. Numbers(sequence++), .. packed]);
            }
        }

        PngChunk.Write(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>The whole picture at the corner, for so many thousandths of a second; replaces what was there.</summary>
    private static byte[] Control(int sequence, Image frame, int milliseconds)
    {
        byte[] time = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(time, (ushort)Math.Clamp(milliseconds, 0, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16BigEndian(time.AsSpan(2), 1000);
        return [.. Numbers(sequence, frame.Width, frame.Height, 0, 0), .. time, 0, 0];
    }

    private static byte[] Numbers(params int[] numbers)
    {
        byte[] bytes = new byte[4 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        }

        return bytes;
    }
}

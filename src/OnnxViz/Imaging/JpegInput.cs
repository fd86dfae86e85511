namespace OnnxViz.Imaging;

/// <summary>
/// A place in a JPEG file, or in one of its segments, and the sentences that say what is wrong there. Numbers are big-endian.
/// </summary>
internal sealed class JpegInput(byte[] bytes, int position, int end, string name, bool isSegment)
{
    public JpegInput(byte[] bytes, string name)
        : this(bytes, 0, bytes.Length, name, isSegment: false)
    {
    }

    public byte[] Bytes { get; } = bytes;

    public string Name { get; } = name;

    /// <summary>Index in <see cref="Bytes"/> of what is read next.</summary>
    public int Position { get; set; } = position;

    public int Remaining => end - Position;

    public ReadOnlySpan<byte> Rest => Bytes.AsSpan(Position, Remaining);

    public int Byte()
    {
        if (Position >= end)
        {
            throw isSegment ? Broken("one of its segments is shorter than what it has to hold") : Truncated();
        }

        return Bytes[Position++];
    }

    public int Word() => (Byte() << 8) | Byte();

    /// <summary>
    /// Goes behind the next marker and gives its code, 1..254. Bytes before a marker that belong to nothing are passed over,
    /// as every reader does.
    /// </summary>
    /// <exception cref="OnnxVizException">The file ends first.</exception>
    public int Marker()
    {
        while (true)
        {
            int skipped = Rest.IndexOf((byte)0xFF);
            Position = skipped < 0 ? end : Position + skipped;
            int code = Byte();
            while (code == 0xFF)
            {
                code = Byte();
            }

            if (code != 0)
            {
                return code;
            }
        }
    }

    /// <summary>The segment that starts here with its length; this input goes behind it.</summary>
    public JpegInput Segment()
    {
        int length = Word() - 2;
        if (length < 0)
        {
            throw Broken("a segment says that it is shorter than its own length");
        }

        if (length > Remaining)
        {
            throw Truncated();
        }

        var segment = new JpegInput(Bytes, Position, Position + length, Name, isSegment: true);
        Position += length;
        return segment;
    }

    public OnnxVizException Truncated() => Truncated("the file ends before the picture does");

    public OnnxVizException Truncated(string why) =>
        OnnxVizException.Input($"Cannot read JPEG '{Name}': it is truncated, {why}. Get a whole copy of it.");

    public OnnxVizException Broken(string why) =>
        OnnxVizException.Input($"Cannot read JPEG '{Name}': it is broken, {why}. Get an undamaged copy of it.");

    public OnnxVizException Unsupported(string what) =>
        OnnxVizException.Input($"Cannot read JPEG '{Name}': it {what}. Save it again as an ordinary JPEG or a PNG.");
}

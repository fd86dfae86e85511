namespace OnnxViz.Onnx;

/// <summary>Walks forward through an open file, as the encoding of protocol buffers is read; skipping costs nothing.</summary>
internal sealed class ByteCursor(OpenFile file)
{
    private readonly byte[] _window = new byte[1 << 16];
    private long _start;
    private int _held;

    public long Position { get; private set; }

    public long Length => file.Length;

    /// <exception cref="OnnxVizException">The file ends, or there is no number of up to 64 bits.</exception>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw Damaged();
    }

    public byte Byte()
    {
        if (Position >= Length) throw Truncated();
        if (Position < _start || Position >= _start + _held) Fill();
        return _window[Position++ - _start];
    }

    public void Skip(long count)
    {
        if (count > Length - Position) throw Truncated();
        Position += count;
    }

    public void CopyTo(Span<byte> into)
    {
        if (into.Length > Length - Position) throw Truncated();
        while (into.Length > 0)
        {
            if (into.Length >= _window.Length)
            {
                file.Read(Position, into);
                Position += into.Length;
                return;
            }

            if (Position < _start || Position >= _start + _held) Fill();
            var part = _window.AsSpan((int)(Position - _start), (int)Math.Min(into.Length, _start + _held - Position));
            part.CopyTo(into);
            into = into[part.Length..];
            Position += part.Length;
        }
    }

    public OnnxVizException Damaged() => OnnxVizException.Input($"The file is damaged or no ONNX model (at byte {Position} of {Length}).");

    public OnnxVizException Truncated() => OnnxVizException.Input($"The file is truncated or damaged: it ends after {Length} bytes, in the middle of the model.");

    private void Fill()
    {
        _start = Position;
        _held = (int)Math.Min(_window.Length, Length - Position);
        file.Read(_start, _window.AsSpan(0, _held));
    }
}

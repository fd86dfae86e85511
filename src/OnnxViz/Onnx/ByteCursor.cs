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
        if (Position < _start || Position >= _start + _held)
        {
            _start = Position;
            _held = (int)Math.Min(_window.Length, Length - Position);
            file.Read(_start, _window.AsSpan(0, _held));
        }

        return _window[Position++ - _start];
    }

    public void Skip(long count)
    {
        if (count > Length - Position) throw Truncated();
        Position += count;
    }

    public void CopyTo(Stream into, long count)
    {
        if (count > Length - Position) throw Truncated();
        if (count > _window.Length)
        {
            into.Write(file.Read(Position, count));
            Position += count;
            return;
        }

        for (; count > 0; count--) into.WriteByte(Byte());
    }

    public OnnxVizException Damaged() => OnnxVizException.Input($"The file is damaged or no ONNX model (at byte {Position} of {Length}).");

    public OnnxVizException Truncated() => OnnxVizException.Input($"The file is truncated or damaged: it ends after {Length} bytes, in the middle of the model.");
}

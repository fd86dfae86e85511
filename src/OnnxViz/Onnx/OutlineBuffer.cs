namespace OnnxViz.Onnx;

/// <summary>Bytes of messages within messages, whose lengths are known only behind them.</summary>
internal sealed class OutlineBuffer
{
    /// <summary>A length takes as many bytes, whatever it is: parsers take numbers with leading zeros.</summary>
    private const int LengthBytes = 5;

    private byte[] _bytes = new byte[1 << 16];
    private int _count;

    public void Varint(ulong value)
    {
        Need(10);
        for (; value >= 0x80; value >>= 7) _bytes[_count++] = (byte)(value | 0x80);
        _bytes[_count++] = (byte)value;
    }

    /// <summary>Room for bytes that somebody writes at once.</summary>
    public Span<byte> Take(int count)
    {
        Need(count);
        _count += count;
        return _bytes.AsSpan(_count - count, count);
    }

    /// <summary>A message begins.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        Take(LengthBytes).Clear();
        return _count;
    }

    public void End(int begin)
    {
        var length = (uint)(_count - begin);
        for (var i = 0; i < LengthBytes; i++, length >>= 7) _bytes[begin - LengthBytes + i] = (byte)((length & 0x7f) | (i < LengthBytes - 1 ? 0x80u : 0));
    }

    public Google.Protobuf.CodedInputStream Read() => new(_bytes, 0, _count);

    private void Need(int count)
    {
        var needed = (long)_count + count;
        if (needed <= _bytes.Length) return;
        if (needed > Array.MaxLength) throw OnnxVizException.Input("The file holds more than 2 GB beside its weights.");
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
    }
}

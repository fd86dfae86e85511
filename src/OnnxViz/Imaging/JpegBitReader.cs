using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OnnxViz.Imaging;

/// <summary>
/// Reads the entropy-coded bits of a scan up to the next marker. Behind them it gives zeros, so that a block always
/// ends; <see cref="CheckEnd"/> then says whether any of them was used.
/// </summary>
internal sealed class JpegBitReader(JpegInput input)
{
    private readonly byte[] _bytes = input.Bytes;
    private int _position = input.Position;

    /// <summary>The low <see cref="_count"/> bits are still to be read.</summary>
    private ulong _bits;
    private int _count;

    /// <summary>How many of the bits ever buffered since the last restart are not in the file.</summary>
    private int _padding;
    private bool _ended;

    /// <summary>The next symbol. At least 16 bits are buffered afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(JpegHuffmanTable table)
    {
        Need();
        int found = table.Short((int)(_bits >> (_count - JpegHuffmanTable.FastBits)) & ((1 << JpegHuffmanTable.FastBits) - 1));
        if (found == 0)
        {
            found = LongSymbol(table);
        }

        _count -= found >> 8;
        return found & 0xFF;
    }

    /// <summary>The next bits as a number, of 16 bits at the most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bits(int size)
    {
        Need();
        _count -= size;
        return (int)(_bits >> _count) & ((1 << size) - 1);
    }

    /// <summary>The next bits as a signed number (ITU-T T.81, F.2.2.1 EXTEND): those with a leading 0 are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Signed(int size)
    {
        int value = Bits(size);
        return value < (1 << size) >> 1 ? value - (1 << size) + 1 : value;
    }

    /// <summary>Goes behind the restart marker that has to come now.</summary>
    /// <param name="index">Which one, 0..7.</param>
    public void Restart(int index)
    {
        input.Position = _position;
        if (input.Marker() != JpegMarker.Restart0 + index)
        {
            throw input.Broken($"restart marker {index} is not where it has to be");
        }

        (_position, _bits, _count, _padding, _ended) = (input.Position, 0, 0, 0, false);
    }

    /// <summary>Leaves the input at the marker that ends the scan, or before it.</summary>
    public void Finish() => input.Position = _position;

    /// <summary>Refuses a scan of which more has been read than there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CheckEnd()
    {
        if (_padding > _count)
        {
            throw Fault("its data ends too early");
        }
    }

    /// <summary>What is wrong: the file's end when that was met, or else <paramref name="why"/>.</summary>
    public OnnxVizException Fault(string why) => _padding > 0 && _position >= _bytes.Length - 1 ? input.Truncated() : input.Broken(why);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Need()
    {
        // 32 are enough for a code and the bits that belong to it.
        if (_count < 32)
        {
            Fill();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int LongSymbol(JpegHuffmanTable table)
    {
        int found = table.Long((int)(_bits >> (_count - 16)) & 0xFFFF);
        return found != 0 ? found : throw Fault("it has a code that is in no table");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill()
    {
        if (_position + 4 <= _bytes.Length)
        {
            uint word = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_position));
            bool hasFF = (((~word) - 0x01010101u) & word & 0x80808080u) != 0;
            if (!hasFF)
            {
                _bits = (_bits << 32) | word;
                _count += 32;
                _position += 4;
                return;
            }
        }

        while (_count < 48)
        {
            _bits = (_bits << 8) | NextByte();
            _count += 8;
        }
    }

    private uint NextByte()
    {
        if (!_ended && _position < _bytes.Length)
        {
            byte value = _bytes[_position];
            if (value != 0xFF)
            {
                _position++;
                return value;
            }

            int next = _position + 1;
            while (next < _bytes.Length && _bytes[next] == 0xFF)
            {
                next++;
            }

            if (next < _bytes.Length && _bytes[next] == 0)
            {
                _position = next + 1;
                return 0xFF;
            }
        }

        _ended = true;
        _padding += 8;
        return 0;
    }
}

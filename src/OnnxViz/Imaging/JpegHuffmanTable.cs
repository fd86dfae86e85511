namespace OnnxViz.Imaging;

/// <summary>A Huffman table (ITU-T T.81, C.2 and F.2.2.3): short codes by one look, long ones length by length.</summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Codes up to this length are found by one look.</summary>
    public const int FastBits = 9;

    /// <summary>For every next <see cref="FastBits"/> bits: length * 256 + symbol, or 0 for a longer code.</summary>
    private readonly ushort[] _fast = new ushort[1 << FastBits];

    /// <summary>The first code of a length that is too large for it.</summary>
    private readonly int[] _codeEnd = new int[17];

    /// <summary>What to add to a code of a length for its symbol's index.</summary>
    private readonly int[] _symbolOffset = new int[17];

    private readonly byte[] _symbols;

    private JpegHuffmanTable(ReadOnlySpan<int> counts, byte[] symbols, JpegInput segment)
    {
        _symbols = symbols;
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++)
        {
            int count = counts[length];
            _symbolOffset[length] = index - code;
            _codeEnd[length] = code + count;
            if (_codeEnd[length] > 1 << length)
            {
                throw segment.Broken("a Huffman table has more codes than there can be");
            }

            if (length <= FastBits)
            {
                FillFast(code, index, count, length);
            }

            index += count;
            code = (code + count) << 1;
        }
    }

    public static JpegHuffmanTable Read(JpegInput segment, bool isDc)
    {
        Span<int> counts = stackalloc int[17];
        int total = 0;
        for (int length = 1; length <= 16; length++)
        {
            counts[length] = segment.Byte();
            total += counts[length];
        }

        if (total > 256)
        {
            throw segment.Broken($"a Huffman table has {total} symbols of 256");
        }

        var symbols = new byte[total];
        for (int i = 0; i < total; i++)
        {
            symbols[i] = (byte)segment.Byte();
            if (isDc && symbols[i] > 15)
            {
                throw segment.Broken($"a DC Huffman table has the symbol {symbols[i]}");
            }
        }

        return new JpegHuffmanTable(counts, symbols, segment);
    }

    /// <summary>Length * 256 + symbol of the code that the next bits start with, or 0 when it is longer.</summary>
    /// <param name="next">The next <see cref="FastBits"/> bits.</param>
    public int Short(int next) => _fast[next];

    /// <summary>Length * 256 + symbol of the code that the next bits start with, or 0 when there is no such code.</summary>
    /// <param name="next">The next 16 bits.</param>
    public int Long(int next)
    {
        for (int length = FastBits + 1; length <= 16; length++)
        {
            int code = next >> (16 - length);
            if (code < _codeEnd[length])
            {
                return (length << 8) | _symbols[_symbolOffset[length] + code];
            }
        }

        return 0;
    }

    private void FillFast(int code, int index, int count, int length)
    {
        int spread = FastBits - length;
        for (int i = 0; i < count; i++)
        {
            _fast.AsSpan((code + i) << spread, 1 << spread).Fill((ushort)((length << 8) | _symbols[index + i]));
        }
    }
}

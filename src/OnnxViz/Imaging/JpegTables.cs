namespace OnnxViz.Imaging;

/// <summary>The tables that a JPEG file defines on its way, each valid until it is defined again.</summary>
internal sealed class JpegTables
{
    private readonly int[]?[] _quantization = new int[]?[4];
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[4];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[4];

    /// <summary>No quantisation yet, and the Huffman tables that a file without its own means.</summary>
    public JpegTables()
    {
        byte[] typical = JpegTypicalTables.Segment.ToArray();
        ReadHuffman(new JpegInput(typical, nameof(JpegTypicalTables)));
    }

    /// <summary>Coded units from one restart marker to the next; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>64 factors, row by row.</summary>
    public int[] Quantization(int slot, JpegInput input) => _quantization[slot] ?? throw Missing("quantisation", slot, input);

    public JpegHuffmanTable Dc(int slot, JpegInput input) => _dc[slot] ?? throw Missing("DC Huffman", slot, input);

    public JpegHuffmanTable Ac(int slot, JpegInput input) => _ac[slot] ?? throw Missing("AC Huffman", slot, input);

    public void ReadRestartInterval(JpegInput segment) => RestartInterval = segment.Word();

    public void ReadQuantization(JpegInput segment)
    {
        while (segment.Remaining > 0)
        {
            int head = segment.Byte();
            (int precision, int slot) = (head >> 4, head & 15);
            if (precision > 1 || slot > 3)
            {
                throw segment.Broken($"it defines a quantisation table {slot} of precision {precision}");
            }

            // A fresh array each time: components keep the one of their first scan.
            var table = new int[64];
            for (int k = 0; k < 64; k++)
            {
                table[JpegZigzag.Order[k]] = precision == 0 ? segment.Byte() : segment.Word();
            }

            _quantization[slot] = table;
        }
    }

    public void ReadHuffman(JpegInput segment)
    {
        while (segment.Remaining > 0)
        {
            int head = segment.Byte();
            (int kind, int slot) = (head >> 4, head & 15);
            if (kind > 1 || slot > 3)
            {
                throw segment.Broken($"it defines a Huffman table {slot} of class {kind}");
            }

            (kind == 0 ? _dc : _ac)[slot] = JpegHuffmanTable.Read(segment, isDc: kind == 0);
        }
    }

    private static OnnxVizException Missing(string kind, int slot, JpegInput input) => input.Broken($"{kind} table {slot} is missing");
}

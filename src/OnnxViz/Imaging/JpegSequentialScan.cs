namespace OnnxViz.Imaging;

/// <summary>A scan that carries whole blocks (ITU-T T.81, F.2): each goes straight to its component's samples.</summary>
internal sealed class JpegSequentialScan : JpegScan
{
    private readonly short[] _block = new short[64];
    private readonly Dictionary<JpegScanComponent, (JpegHuffmanTable Dc, JpegHuffmanTable Ac, JpegIdct Idct)> _tables;

    public JpegSequentialScan(JpegInput input, JpegFrame frame, JpegScanHeader header, JpegTables tables)
        : base(input, frame, header, tables.RestartInterval)
    {
        _tables = header.Components.ToDictionary(
            part => part,
            part => (tables.Dc(part.DcSlot, input), tables.Ac(part.AcSlot, input), new JpegIdct(part.Component.Quantization!)));
    }

    protected override void DecodeBlock(JpegScanComponent part, int column, int row)
    {
        (JpegHuffmanTable dc, JpegHuffmanTable ac, JpegIdct idct) = _tables[part];
        Span<short> block = _block;
        part.Prediction += Bits.Signed(Bits.Symbol(dc));
        JpegComponent component = part.Component;
        Span<byte> samples = component.Samples(column, row);
        bool isFlat = !DecodeAc(ac, block);
        block[0] = (short)part.Prediction;
        if (isFlat)
        {
            idct.TransformFlat(block[0], samples, component.Stride);
            return;
        }

        idct.Transform(block, samples, component.Stride);
        block.Clear();
    }

    /// <summary>Adds coefficients 1 to 63 to an empty block. Whether there are any.</summary>
    private bool DecodeAc(JpegHuffmanTable table, Span<short> block)
    {
        ReadOnlySpan<byte> order = JpegZigzag.Order;
        bool found = false;
        for (int k = 1; k < 64; k++)
        {
            int symbol = Bits.Symbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            k += run;
            if (size == 0)
            {
                if (run != 15)
                {
                    break;
                }

                continue;
            }

            if (k > 63)
            {
                throw Bits.Fault("a block has more than 64 coefficients");
            }

            block[order[k]] = (short)Bits.Signed(size);
            found = true;
        }

        return found;
    }
}

namespace OnnxViz.Imaging;

/// <summary>
/// A scan that carries some coefficients of its blocks, or one more bit of them (ITU-T T.81, annex G). The coefficients
/// gather in their components until the last scan.
/// </summary>
internal sealed class JpegProgressiveScan : JpegScan
{
    private readonly JpegHuffmanTable?[] _dc;
    private readonly JpegHuffmanTable? _ac;

    /// <summary>How many blocks to come, with this one, hold nothing more.</summary>
    private int _endOfBandRun;

    public JpegProgressiveScan(JpegInput input, JpegFrame frame, JpegScanHeader header, JpegTables tables)
        : base(input, frame, header, tables.RestartInterval)
    {
        bool isDc = header.First == 0;
        _ac = isDc ? null : tables.Ac(header.Components[0].AcSlot, input);
        _dc = new JpegHuffmanTable?[4];
        foreach (JpegScanComponent part in header.Components.Where(_ => isDc && !header.IsRefinement))
        {
            _dc[part.DcSlot] = tables.Dc(part.DcSlot, input);
        }
    }

    protected override void Reset()
    {
        base.Reset();
        _endOfBandRun = 0;
    }

    protected override void DecodeBlock(JpegScanComponent part, int column, int row)
    {
        Span<short> block = part.Component.Block(column, row);
        if (_ac == null)
        {
            DecodeDc(part, block);
        }
        else if (Header.IsRefinement)
        {
            RefineAc(_ac, block);
        }
        else
        {
            DecodeAc(_ac, block);
        }
    }

    private void DecodeDc(JpegScanComponent part, Span<short> block)
    {
        if (Header.IsRefinement)
        {
            block[0] |= (short)(Bits.Bits(1) << Header.Shift);
            return;
        }

        part.Prediction += Bits.Signed(Bits.Symbol(_dc[part.DcSlot]!));
        block[0] = (short)(part.Prediction << Header.Shift);
    }

    private void DecodeAc(JpegHuffmanTable table, Span<short> block)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }

        for (int k = Header.First; k <= Header.Last; k++)
        {
            int symbol = Bits.Symbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                _endOfBandRun = EndOfBandRun(run) - 1;
                return;
            }

            k += run;
            if (size != 0)
            {
                block[InBand(k)] = (short)(Bits.Signed(size) << Header.Shift);
            }
        }
    }

    /// <summary>
    /// G.1.2.3: new coefficients are 1 or -1 in the current bit, and on the way to each, every older one met is given a
    /// correcting bit of its own; runs count only those still zero.
    /// </summary>
    private void RefineAc(JpegHuffmanTable table, Span<short> block)
    {
        int k = Header.First;
        while (_endOfBandRun == 0 && k <= Header.Last)
        {
            int symbol = Bits.Symbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                _endOfBandRun = EndOfBandRun(run);
                break;
            }

            int value = size == 0 ? 0 : (Bits.Bits(1) == 0 ? -1 : 1) << Header.Shift;
            k = Refine(block, k, run);
            if (value != 0)
            {
                block[InBand(k)] = (short)value;
            }

            k++;
        }

        if (_endOfBandRun > 0)
        {
            Refine(block, k, zeros: 64);
            _endOfBandRun--;
        }
    }

    /// <summary>Corrects older coefficients from <paramref name="k"/> on, over that many zero ones. Where the next zero one is.</summary>
    private int Refine(Span<short> block, int k, int zeros)
    {
        ReadOnlySpan<byte> order = JpegZigzag.Order;
        int bit = 1 << Header.Shift;
        for (; k <= Header.Last; k++)
        {
            ref short coefficient = ref block[order[k]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (Bits.Bits(1) != 0 && (coefficient & bit) == 0)
            {
                coefficient += (short)(coefficient < 0 ? -bit : bit);
            }
        }

        return k;
    }

    private int EndOfBandRun(int size) => (1 << size) + Bits.Bits(size);

    private int InBand(int k) => k <= Header.Last ? JpegZigzag.Order[k] : throw Bits.Fault("a block has more coefficients than its scan");
}

namespace OnnxViz.Imaging;

/// <summary>
/// A walk over a scan's blocks in the order in which they are coded (ITU-T T.81, A.2): units of several blocks where
/// components are interleaved, single blocks where there is one component.
/// </summary>
internal abstract class JpegScan(JpegInput input, JpegFrame frame, JpegScanHeader header, int restartInterval)
{
    protected JpegScanHeader Header { get; } = header;

    protected JpegBitReader Bits { get; } = new(input);

    /// <summary>Decodes all of the scan; the input stands behind it then.</summary>
    public void Decode()
    {
        bool isAlone = Header.Components.Length == 1;
        JpegComponent first = Header.Components[0].Component;
        int across = isAlone ? first.BlocksAcross : frame.UnitsAcross;
        int down = isAlone ? first.BlocksDown : frame.UnitsDown;
        int unit = 0;
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++, unit++)
            {
                if (restartInterval != 0 && unit != 0 && unit % restartInterval == 0)
                {
                    Restart((unit / restartInterval) - 1);
                }

                if (isAlone)
                {
                    DecodeBlock(Header.Components[0], column, row);
                }
                else
                {
                    DecodeUnit(column, row);
                }

                Bits.CheckEnd();
            }
        }

        Bits.Finish();
    }

    /// <summary>Decodes what the scan carries of one block.</summary>
    protected abstract void DecodeBlock(JpegScanComponent part, int column, int row);

    /// <summary>Forgets what one block tells the next.</summary>
    protected virtual void Reset()
    {
        foreach (JpegScanComponent part in Header.Components)
        {
            part.Prediction = 0;
        }
    }

    private void DecodeUnit(int column, int row)
    {
        foreach (JpegScanComponent part in Header.Components)
        {
            (int horizontal, int vertical) = (part.Component.Horizontal, part.Component.Vertical);
            for (int y = 0; y < vertical; y++)
            {
                for (int x = 0; x < horizontal; x++)
                {
                    DecodeBlock(part, (column * horizontal) + x, (row * vertical) + y);
                }
            }
        }
    }

    private void Restart(int index)
    {
        Bits.Restart(index & 7);
        Reset();
    }
}

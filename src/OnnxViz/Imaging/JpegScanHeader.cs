namespace OnnxViz.Imaging;

/// <summary>A component's part in a scan: itself, its Huffman tables' slots (0..3), and its last DC coefficient.</summary>
internal sealed class JpegScanComponent(JpegComponent component, int dcSlot, int acSlot)
{
    public JpegComponent Component { get; } = component;

    public int DcSlot { get; } = dcSlot;

    public int AcSlot { get; } = acSlot;

    public int Prediction { get; set; }
}

/// <summary>A scan header (SOS, ITU-T T.81 B.2.3).</summary>
/// <param name="Components">Whose blocks are in the scan.</param>
/// <param name="First">The first coefficient carried, in zigzag order; only progressive scans go by this and what follows.</param>
/// <param name="Last">The last coefficient carried.</param>
/// <param name="IsRefinement">Whether one more bit comes for coefficients that an earlier scan began.</param>
/// <param name="Shift">How many low bits are left to later scans.</param>
internal sealed record JpegScanHeader(JpegScanComponent[] Components, int First, int Last, bool IsRefinement, int Shift)
{
    public static JpegScanHeader Read(JpegInput segment, JpegFrame frame, JpegTables tables)
    {
        int count = segment.Byte();
        if (count is < 1 or > 4)
        {
            throw segment.Broken($"a scan has {count} channels");
        }

        var components = new JpegScanComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = ReadComponent(segment, frame);
        }

        if (components.DistinctBy(part => part.Component).Count() != count)
        {
            throw segment.Broken("a scan has one channel twice");
        }

        foreach (JpegComponent component in components.Select(part => part.Component))
        {
            component.Quantization ??= tables.Quantization(component.QuantizationSlot, segment);
        }

        (int first, int last, int approximation) = (segment.Byte(), segment.Byte(), segment.Byte());
        var header = new JpegScanHeader(components, first, last, approximation >> 4 != 0, approximation & 15);
        if (frame.IsProgressive)
        {
            header.CheckProgression(approximation >> 4, segment);
        }

        return header;
    }

    private static JpegScanComponent ReadComponent(JpegInput segment, JpegFrame frame)
    {
        int id = segment.Byte();
        int slots = segment.Byte();
        JpegComponent component = frame.Components.FirstOrDefault(known => known.Id == id)
            ?? throw segment.Broken($"a scan names the channel {id}, which the header does not");
        (int dc, int ac) = (slots >> 4, slots & 15);
        return dc <= 3 && ac <= 3
            ? new JpegScanComponent(component, dc, ac)
            : throw segment.Broken($"a scan asks for the Huffman tables {dc} and {ac} of 0 to 3");
    }

    private void CheckProgression(int previousShift, JpegInput segment)
    {
        bool bandIsRight = First == 0 ? Last == 0 : First <= Last && Last <= 63 && Components.Length == 1;
        bool shiftIsRight = Shift <= 13 && (!IsRefinement || previousShift == Shift + 1);
        if (!bandIsRight || !shiftIsRight)
        {
            string part = $"coefficients {First} to {Last}, bits {previousShift} to {Shift}";
            throw segment.Broken($"a scan of {Components.Length} channels has {part}");
        }
    }
}

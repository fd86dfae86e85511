namespace OnnxViz.Imaging;

/// <summary>What a frame header (SOF, ITU-T T.81 B.2.2) says: the size, the process and the components.</summary>
internal sealed class JpegFrame
{
    public int Width { get; }

    public int Height { get; }

    public bool IsProgressive { get; }

    public JpegComponent[] Components { get; }

    public int MaxHorizontal { get; }

    public int MaxVertical { get; }

    /// <summary>Minimum coded units (one of every component's share) across.</summary>
    public int UnitsAcross { get; }

    public int UnitsDown { get; }

    private JpegFrame(int width, int height, bool isProgressive, JpegComponent[] components)
    {
        (Width, Height, IsProgressive, Components) = (width, height, isProgressive, components);
        MaxHorizontal = components.Max(component => component.Horizontal);
        MaxVertical = components.Max(component => component.Vertical);
        UnitsAcross = JpegComponent.Ceil(width, 8 * MaxHorizontal);
        UnitsDown = JpegComponent.Ceil(height, 8 * MaxVertical);
        foreach (JpegComponent component in components)
        {
            component.Measure(this);
        }
    }

    /// <summary>Reads the header and refuses what is not decoded here, before anything of the picture's size is allocated.</summary>
    /// <param name="marker">The SOF marker's code.</param>
    /// <param name="segment">The header.</param>
    public static JpegFrame Read(int marker, JpegInput segment)
    {
        RefuseOtherProcesses(marker, segment);
        int precision = segment.Byte();
        int height = segment.Word();
        int width = segment.Word();
        int count = segment.Byte();
        if (precision != 8)
        {
            throw segment.Unsupported($"has {precision} bits per sample; 8 are read");
        }

        if (height == 0)
        {
            throw segment.Unsupported("does not say its height in its header (it may follow in a DNL segment), which is not read");
        }

        ImageLimits.Check(width, height, segment.Name);
        if (count is not (1 or 3 or 4))
        {
            throw segment.Unsupported($"has {count} channels; 1, 3 and 4 are read");
        }

        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = ReadComponent(segment);
        }

        if (components.DistinctBy(component => component.Id).Count() != count)
        {
            throw segment.Broken("two of its channels have one name");
        }

        var frame = new JpegFrame(width, height, marker == JpegMarker.ProgressiveFrame, components);
        frame.RefuseWhatCannotBeThere(segment);
        return frame;
    }

    private static JpegComponent ReadComponent(JpegInput segment)
    {
        int id = segment.Byte();
        int sampling = segment.Byte();
        int slot = segment.Byte();
        (int horizontal, int vertical) = (sampling >> 4, sampling & 15);
        if (horizontal is < 1 or > 4 || vertical is < 1 or > 4)
        {
            throw segment.Broken($"a channel has the sampling factors {horizontal}x{vertical}, which must be 1 to 4");
        }

        return slot <= 3
            ? new JpegComponent(id, horizontal, vertical, slot)
            : throw segment.Broken($"a channel asks for quantisation table {slot} of 0 to 3");
    }

    private static void RefuseOtherProcesses(int marker, JpegInput segment)
    {
        string? process = marker switch
        {
            0xC0 or 0xC1 or JpegMarker.ProgressiveFrame => null,
            0xC3 or 0xC7 => "is lossless, which is not read",
            0xC9 or 0xCA or 0xCD or 0xCE => "is arithmetic-coded, which is not read",
            0xCB or 0xCF => "is lossless and arithmetic-coded, which is not read",
            _ => "is hierarchical, which is not read",
        };
        if (process != null)
        {
            throw segment.Unsupported(process);
        }
    }

    private void RefuseWhatCannotBeThere(JpegInput segment)
    {
        foreach (JpegComponent component in Components)
        {
            if (MaxHorizontal % component.Horizontal != 0 || MaxVertical % component.Vertical != 0)
            {
                string sampling = $"{component.Horizontal}x{component.Vertical} beside {MaxHorizontal}x{MaxVertical}";
                throw segment.Unsupported($"has a channel sampled {sampling}; only whole ratios are read");
            }
        }

        // Every block takes a bit at the least, so a small file cannot make us allocate a large picture.
        long blocks = Components.Sum(component => (long)component.BlocksAcross * component.BlocksDown);
        if (blocks > 8L * segment.Bytes.Length)
        {
            throw segment.Truncated($"{segment.Bytes.Length} bytes cannot hold the {Width}x{Height} pixels of its header");
        }
    }
}

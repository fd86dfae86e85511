namespace OnnxViz.Imaging;

/// <summary>
/// Decodes JPEG (ITU-T T.81, 8-bit Huffman-coded, sequential and progressive) to the very pixels that libjpeg gives with
/// its default settings, and turns them upright by their EXIF orientation.
/// </summary>
internal sealed class JpegReader
{
    /// <summary>A picture takes some ten scans; many more only take time.</summary>
    private const int MaxScans = 500;

    private readonly JpegInput _input;
    private readonly JpegTables _tables = new();
    private readonly JpegMetadata _metadata = new();
    private JpegFrame? _frame;
    private int _scans;

    private JpegReader(JpegInput input) => _input = input;

    /// <param name="bytes">The file. What follows the end of the picture is ignored.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="OnnxVizException">The file is no JPEG, truncated, broken, too large or of a kind that is not read.</exception>
    public static Image Read(byte[] bytes, string name) => new JpegReader(new JpegInput(bytes, name)).Read();

    private Image Read()
    {
        if (!_input.Rest.StartsWith((ReadOnlySpan<byte>)[0xFF, JpegMarker.Start]))
        {
            throw _input.Broken("it does not begin as one");
        }

        for (int marker = _input.Marker(); marker != JpegMarker.End; marker = _input.Marker())
        {
            if (!JpegMarker.IsBare(marker))
            {
                ReadSegment(marker, _input.Segment());
            }
        }

        return _metadata.Orientation.Apply(Compose());
    }

    private void ReadSegment(int marker, JpegInput segment)
    {
        switch (marker)
        {
            case JpegMarker.QuantizationTables:
                _tables.ReadQuantization(segment);
                break;
            case JpegMarker.HuffmanTables:
                _tables.ReadHuffman(segment);
                break;
            case JpegMarker.RestartInterval:
                _tables.ReadRestartInterval(segment);
                break;
            case JpegMarker.Scan:
                ReadScan(segment);
                break;
            case JpegMarker.App0 or JpegMarker.App1 or JpegMarker.App14:
                _metadata.Read(marker, segment);
                break;
            case JpegMarker.ArithmeticConditioning:
                throw segment.Unsupported("is arithmetic-coded, which is not read");
            default:
                if (JpegMarker.IsFrame(marker))
                {
                    ReadFrame(marker, segment);
                }

                break;
        }
    }

    private void ReadFrame(int marker, JpegInput segment)
    {
        if (_frame != null)
        {
            throw segment.Broken("it has two frame headers");
        }

        _frame = JpegFrame.Read(marker, segment);
        foreach (JpegComponent component in _frame.Components)
        {
            if (_frame.IsProgressive)
            {
                component.AllocateCoefficients();
            }
            else
            {
                component.AllocatePlane();
            }
        }
    }

    private void ReadScan(JpegInput segment)
    {
        JpegFrame frame = _frame ?? throw segment.Broken("a scan comes before the frame header");
        if (++_scans > MaxScans)
        {
            throw segment.Unsupported($"has more than {MaxScans} scans, which are not read");
        }

        JpegScanHeader header = JpegScanHeader.Read(segment, frame, _tables);
        JpegScan scan = frame.IsProgressive
            ? new JpegProgressiveScan(_input, frame, header, _tables)
            : new JpegSequentialScan(_input, frame, header, _tables);
        scan.Decode();
    }

    private Image Compose()
    {
        JpegFrame frame = _frame ?? throw _input.Broken("it has no frame header");
        if (frame.Components.Any(component => component.Quantization == null))
        {
            throw _input.Broken("a channel has no data");
        }

        if (frame.IsProgressive)
        {
            Array.ForEach(frame.Components, Transform);
        }

        var image = new Image(frame.Width, frame.Height);
        JpegUpsampler[] channels = [.. frame.Components.Select(component => new JpegUpsampler(component, frame))];
        JpegColors.Conversion convert = JpegColors.For(frame, _metadata);
        int width = frame.Width;
        for (int y = 0; y < frame.Height; y++)
        {
            ReadOnlySpan<byte> Channel(int index) => index < channels.Length ? channels[index].Row(y)[..width] : default;
            convert(new() { First = Channel(0), Second = Channel(1), Third = Channel(2), Fourth = Channel(3) }, image.Row(y));
        }

        return image;
    }

    private static void Transform(JpegComponent component)
    {
        component.AllocatePlane();
        var idct = new JpegIdct(component.Quantization!);
        for (int row = 0; row < component.BlocksDown; row++)
        {
            for (int column = 0; column < component.BlocksAcross; column++)
            {
                idct.Transform(component.Block(column, row), component.Samples(column, row), component.Stride);
            }
        }
    }
}

namespace OnnxViz.Imaging;

/// <summary>One channel of a JPEG: its place in the frame, and what has been decoded of it.</summary>
/// <param name="id">The name that scans call it by.</param>
/// <param name="horizontal">Samples across, for every <see cref="JpegFrame.MaxHorizontal"/> pixels; 1..4.</param>
/// <param name="vertical">Samples down, for every <see cref="JpegFrame.MaxVertical"/> pixels; 1..4.</param>
/// <param name="quantizationSlot">Which quantisation table it uses, 0..3.</param>
internal sealed class JpegComponent(int id, int horizontal, int vertical, int quantizationSlot)
{
    public int Id { get; } = id;

    public int Horizontal { get; } = horizontal;

    public int Vertical { get; } = vertical;

    public int QuantizationSlot { get; } = quantizationSlot;

    /// <summary>Samples that belong to the picture, without the filling of the last blocks.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Blocks of 8 samples that hold <see cref="Width"/>: what a scan of this component alone carries.</summary>
    public int BlocksAcross => Ceil(Width, 8);

    public int BlocksDown => Ceil(Height, 8);

    /// <summary>Blocks across with the filling that a scan of several components carries.</summary>
    public int PaddedBlocksAcross { get; private set; }

    public int PaddedBlocksDown { get; private set; }

    /// <summary>The table of its first scan (a later one may overwrite the slot); null before any scan.</summary>
    public int[]? Quantization { get; set; }

    /// <summary>Coefficients [padded blocks down, padded blocks across, 8, 8], row by row; empty unless progressive.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>Samples [8 * padded blocks down, <see cref="Stride"/>].</summary>
    public byte[] Plane { get; private set; } = [];

    public int Stride => 8 * PaddedBlocksAcross;

    public static int Ceil(int value, int unit) => (value + unit - 1) / unit;

    public void Measure(JpegFrame frame)
    {
        Width = Ceil(frame.Width * Horizontal, frame.MaxHorizontal);
        Height = Ceil(frame.Height * Vertical, frame.MaxVertical);
        PaddedBlocksAcross = frame.UnitsAcross * Horizontal;
        PaddedBlocksDown = frame.UnitsDown * Vertical;
    }

    public void AllocatePlane() => Plane = new byte[checked(Stride * 8 * PaddedBlocksDown)];

    public void AllocateCoefficients() => Coefficients = new short[checked(64 * PaddedBlocksAcross * PaddedBlocksDown)];

    /// <summary>The 64 coefficients of a block, row by row.</summary>
    public Span<short> Block(int column, int row) => Coefficients.AsSpan(64 * ((row * PaddedBlocksAcross) + column), 64);

    /// <summary>The samples from a block's first one to the end of the plane; its rows are <see cref="Stride"/> apart.</summary>
    public Span<byte> Samples(int column, int row) => Plane.AsSpan(8 * ((row * Stride) + column));
}

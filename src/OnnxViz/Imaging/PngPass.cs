namespace OnnxViz.Imaging;

/// <summary>
/// The pixels (X + i * StepX, Y + j * StepY) that are stored together. A plain picture is one pass over all of them; Adam7
/// stores seven, each on a denser lattice (PNG specification 8.2).
/// </summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    private static readonly PngPass[] _plain = [new(0, 0, 1, 1)];

    private static readonly PngPass[] _adam7 =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];

    /// <summary>The passes that hold a pixel of this picture at all.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header) =>
        (header.Interlaced ? _adam7 : _plain).Where(pass => pass.X < header.Width && pass.Y < header.Height);

    public int Columns(int width) => (width - X + StepX - 1) / StepX;

    public int Rows(int height) => (height - Y + StepY - 1) / StepY;
}

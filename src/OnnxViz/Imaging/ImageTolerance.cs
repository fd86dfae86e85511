namespace OnnxViz.Imaging;

/// <summary>How far two pictures may lie apart and still count as the same.</summary>
/// <param name="MinSsim">Structural similarity, at least; 1 is equal.</param>
/// <param name="MaxBlockError">Root mean square error of the worst 8x8 block, at most, in levels of 0..255.</param>
public sealed record ImageTolerance(double MinSsim, double MaxBlockError)
{
    /// <summary>
    /// Passes another processor's rounding (noise of up to 3 levels has a worst block of 1.4 and an SSIM of 0.988 even on a flat sky);
    /// fails JPEG at quality 90 (worst block 7 or more, SSIM 0.97 or less on photographs) and a shift by one pixel.
    /// </summary>
    public static ImageTolerance Default { get; } = new(0.985, 2.5);
}

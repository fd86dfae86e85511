namespace OnnxViz.Imaging.Compare;

/// <summary>Root mean square error, in levels, of the block of 8x8 pixels whose corner is (X, Y).</summary>
internal readonly record struct BlockError(int X, int Y, double Rms);

/// <summary>How far two pictures may lie apart and still count as the same.</summary>
/// <param name="MinSsim">Structural similarity, at least; 1 is equal.</param>
/// <param name="MaxBlockError">Root mean square error of the worst 8x8 block, at most, in levels of 0..255.</param>
internal sealed record ImageTolerance(double MinSsim, double MaxBlockError)
{
    /// <summary>
    /// Passes another processor's rounding (noise of up to 3 levels has a worst block of 1.4 and an SSIM of 0.988 even on a flat sky);
    /// fails JPEG at quality 90 (worst block 7 or more, SSIM 0.97 or less on photographs) and a shift by one pixel.
    /// </summary>
    public static ImageTolerance Default { get; } = new(0.985, 2.5);
}

/// <summary>What <see cref="ImageComparison.Compare"/> measured.</summary>
/// <param name="Psnr">Peak signal to noise ratio over all channels, in dB; infinite for equal pictures.</param>
/// <param name="Ssim">Mean structural similarity, 1 for equal pictures.</param>
/// <param name="Max">Largest difference of one channel of one pixel, in levels.</param>
/// <param name="Worst">The 8x8 block with the largest error.</param>
internal sealed record ImageDifference(double Psnr, double Ssim, int Max, BlockError Worst)
{
    public bool IsWithin(ImageTolerance tolerance) => Ssim >= tolerance.MinSsim && Worst.Rms <= tolerance.MaxBlockError;

    /// <summary>One line with the numbers and what was allowed.</summary>
    public string Describe(ImageTolerance tolerance) =>
        $"SSIM {Ssim:0.0000} (at least {tolerance.MinSsim:0.0000}), worst block at ({Worst.X}, {Worst.Y}) off by {Worst.Rms:0.00} levels "
        + $"(at most {tolerance.MaxBlockError:0.00}), PSNR {Psnr:0.00} dB, largest difference {Max}";
}

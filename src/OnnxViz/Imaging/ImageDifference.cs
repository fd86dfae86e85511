namespace OnnxViz.Imaging;

/// <summary>What <see cref="ImageComparison.Compare"/> measured.</summary>
/// <param name="Psnr">Peak signal to noise ratio over all channels, in dB; infinite for equal pictures.</param>
/// <param name="Ssim">Mean structural similarity, 1 for equal pictures.</param>
/// <param name="Max">Largest difference of one channel of one pixel, in levels.</param>
/// <param name="Worst">The 8x8 block with the largest error.</param>
public sealed record ImageDifference(double Psnr, double Ssim, int Max, BlockError Worst)
{
    public bool IsWithin(ImageTolerance tolerance) => Ssim >= tolerance.MinSsim && Worst.Rms <= tolerance.MaxBlockError;

    /// <summary>One line with the numbers and what was allowed.</summary>
    public string Describe(ImageTolerance tolerance) =>
        $"SSIM {Ssim:0.0000} (at least {tolerance.MinSsim:0.0000}), worst block at ({Worst.X}, {Worst.Y}) off by {Worst.Rms:0.00} levels "
        + $"(at most {tolerance.MaxBlockError:0.00}), PSNR {Psnr:0.00} dB, largest difference {Max}";
}

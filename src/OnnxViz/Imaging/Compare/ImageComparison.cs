namespace OnnxViz.Imaging.Compare;

/// <summary>
/// How alike two pictures look. SSIM sees lost or changed structure anywhere; the worst block sees a small spot that a mean over
/// the whole picture would hide.
/// </summary>
internal static class ImageComparison
{
    private const int BlockSide = 8;

    // The picture of a difference shows it this many times, so that a few levels can be seen.
    private const int Amplification = 8;

    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static ImageDifference Compare(Image a, Image b)
    {
        CheckSizes(a, b);
        double sum = 0;
        int max = 0;
        BlockError worst = default;
        for (int y = 0; y < a.Height; y += BlockSide)
        {
            for (int x = 0; x < a.Width; x += BlockSide)
            {
                (double blockSum, int blockMax, int count) = Block(a, b, x, y);
                sum += blockSum;
                max = Math.Max(max, blockMax);
                double rms = Math.Sqrt(blockSum / count);
                worst = rms > worst.Rms ? new(x, y, rms) : worst;
            }
        }

        double psnr = sum == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255.0 * a.Pixels.Length / sum);
        return new(psnr, StructuralSimilarity.Of(a, b), max, worst);
    }

    /// <summary>The absolute difference of every channel, eight times as large: black where the pictures agree.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static Image Difference(Image a, Image b)
    {
        CheckSizes(a, b);
        return new(a.Width, a.Height, [.. a.Pixels.Zip(b.Pixels, (x, y) => (byte)Math.Min(255, Amplification * Math.Abs(x - y)))]);
    }

    private static (double Sum, int Max, int Count) Block(Image a, Image b, int left, int top)
    {
        (double sum, int max, int count) = (0, 0, 0);
        int width = Math.Min(BlockSide, a.Width - left);
        for (int y = top; y < Math.Min(top + BlockSide, a.Height); y++)
        {
            ReadOnlySpan<byte> rowA = a.Row(y).Slice(3 * left, 3 * width), rowB = b.Row(y).Slice(3 * left, 3 * width);
            for (int i = 0; i < rowA.Length; i++)
            {
                int difference = Math.Abs(rowA[i] - rowB[i]);
                sum += difference * difference;
                max = Math.Max(max, difference);
            }

            count += rowA.Length;
        }

        return (sum, max, count);
    }

    private static void CheckSizes(Image a, Image b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if ((a.Width, a.Height) != (b.Width, b.Height))
        {
            throw new ArgumentException($"The pictures have different sizes: {a.Width}x{a.Height} and {b.Width}x{b.Height}.", nameof(b));
        }
    }
}

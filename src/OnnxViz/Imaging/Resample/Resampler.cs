namespace OnnxViz.Imaging.Resample;

/// <summary>
/// Resizes as Pillow does: across, then down, with 8-bit pixels in between and weights of 22 bits after the point, so that the
/// preprocessing of pictures agrees with training code bit for bit.
/// </summary>
internal static class Resampler
{
    // 32 bits less 8 for the pixel and 2 for sums beyond 1, as in Pillow.
    private const int Bits = 22;

    /// <param name="image">The picture.</param>
    /// <param name="width">Of the result, in pixels.</param>
    /// <param name="height">Of the result, in pixels.</param>
    /// <param name="filter">Antialiased either way.</param>
    public static Image Resize(Image image, int width, int height, ResampleFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Image across = width == image.Width ? image : Across(image, width, filter);
        Image down = height == image.Height ? across : Down(across, height, filter);
        return ReferenceEquals(down, image) ? new Image(width, height, [.. image.Pixels]) : down;
    }

    private static Image Across(Image image, int width, ResampleFilter filter)
    {
        ResampleWeights weights = new(image.Width, width, filter);
        int[] factors = weights.Fixed(Bits);
        Image result = new(width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y);
            Span<byte> target = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> pixels = row[(3 * weights.Starts[x])..];
                ReadOnlySpan<int> own = factors.AsSpan(x * weights.Taps, weights.Counts[x]);
                int red = 1 << (Bits - 1), green = red, blue = red;
                for (int k = 0; k < own.Length; k++)
                {
                    red += pixels[3 * k] * own[k];
                    green += pixels[(3 * k) + 1] * own[k];
                    blue += pixels[(3 * k) + 2] * own[k];
                }

                (target[3 * x], target[(3 * x) + 1], target[(3 * x) + 2]) = (Clip(red), Clip(green), Clip(blue));
            }
        }

        return result;
    }

    private static Image Down(Image image, int height, ResampleFilter filter)
    {
        ResampleWeights weights = new(image.Height, height, filter);
        int[] factors = weights.Fixed(Bits);
        Image result = new(image.Width, height);
        int[] sums = new int[3 * image.Width];
        for (int y = 0; y < height; y++)
        {
            sums.AsSpan().Fill(1 << (Bits - 1));
            for (int k = 0; k < weights.Counts[y]; k++)
            {
                int factor = factors[(y * weights.Taps) + k];
                ReadOnlySpan<byte> row = image.Row(weights.Starts[y] + k);
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += row[i] * factor;
                }
            }

            Span<byte> target = result.Row(y);
            for (int i = 0; i < sums.Length; i++)
            {
                target[i] = Clip(sums[i]);
            }
        }

        return result;
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);
}

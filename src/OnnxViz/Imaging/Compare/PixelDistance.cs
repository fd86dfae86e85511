namespace OnnxViz.Imaging.Compare;

/// <summary>How far two pictures of one size lie apart, pixel by pixel.</summary>
/// <param name="Max">Largest difference of one channel of one pixel, in levels of 0..255.</param>
/// <param name="Mean">Mean difference over all channels of all pixels, in levels.</param>
/// <param name="Share">Share of the pixels that differ at all, 0 to 1.</param>
internal readonly record struct PixelDistance(int Max, double Mean, double Share)
{
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static PixelDistance Between(Image a, Image b)
    {
        if ((a.Width, a.Height) != (b.Width, b.Height)) throw new ArgumentException($"The pictures have different sizes: {a.Width}x{a.Height} and {b.Width}x{b.Height}.", nameof(b));
        var (max, sum, count) = (0, 0L, 0L);
        for (var p = 0; p < a.Pixels.Length; p += 3)
        {
            var differs = false;
            for (var c = p; c < p + 3; c++)
            {
                var difference = Math.Abs(a.Pixels[c] - b.Pixels[c]);
                max = Math.Max(max, difference);
                sum += difference;
                differs |= difference > 0;
            }

            if (differs) count++;
        }

        return new(max, (double)sum / a.Pixels.Length, 3.0 * count / a.Pixels.Length);
    }
}

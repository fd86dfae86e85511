namespace OnnxViz.Verify;

/// <summary>How far two pictures may lie apart and still count as the same.</summary>
/// <param name="MaxBlockError">Root mean square error of the worst 8x8 pixels, at most, in levels of 0..255.</param>
public sealed record PictureTolerance(double MaxBlockError)
{
    private const int BlockSide = 8;

    /// <summary>Passes another processor's rounding; fails JPEG at quality 90 and a shift by one pixel.</summary>
    public static PictureTolerance Default { get; } = new(2.5);

    /// <summary>Why two pictures do not count as the same; null where they do.</summary>
    public string? Difference(Imaging.Image received, Imaging.Image verified)
    {
        ArgumentNullException.ThrowIfNull(received);
        ArgumentNullException.ThrowIfNull(verified);
        if ((received.Width, received.Height) != (verified.Width, verified.Height))
            return $"{received.Width}x{received.Height} pixels, and {verified.Width}x{verified.Height} were accepted";
        var (worst, left, top) = (0.0, 0, 0);
        for (var y = 0; y < received.Height; y += BlockSide)
        {
            for (var x = 0; x < received.Width; x += BlockSide)
            {
                var error = BlockError(received, verified, x, y);
                if (error > worst) (worst, left, top) = (error, x, y);
            }
        }

        return worst <= MaxBlockError ? null : $"the worst 8x8 pixels, at {left}, {top}, are off by {worst:0.##} levels; {MaxBlockError:0.##} are allowed";
    }

    private static double BlockError(Imaging.Image a, Imaging.Image b, int left, int top)
    {
        var (sum, count) = (0.0, 0);
        for (var y = top; y < Math.Min(top + BlockSide, a.Height); y++)
        {
            var (first, last) = (3 * ((y * a.Width) + left), 3 * ((y * a.Width) + Math.Min(left + BlockSide, a.Width)));
            for (var i = first; i < last; i++) sum += (a.Pixels[i] - b.Pixels[i]) * (a.Pixels[i] - b.Pixels[i]);
            count += last - first;
        }

        return Math.Sqrt(sum / count);
    }
}

namespace OnnxViz.Imaging.Sheets;

/// <summary>Draws a row of numbers as a line.</summary>
internal static class Curve
{
    /// <summary>Half of the line's thickness, in pixels.</summary>
    private const double Half = 0.7;

    /// <summary>Share of the height that stays free above and below.</summary>
    private const double Margin = 0.06;

    /// <param name="image">Receives the line.</param>
    /// <param name="box">Where: left, top, width, height, in pixels.</param>
    /// <param name="values">At least one, from the left edge to the right one.</param>
    /// <param name="range">What the lower and the upper edge stand for.</param>
    /// <param name="color">Of the line.</param>
    public static void Draw(Image image, (int Left, int Top, int Width, int Height) box, ReadOnlySpan<float> values, MapRange range, Color color)
    {
        for (var x = 0; x < box.Width; x++)
        {
            var (low, high) = Within(values, (double)x / box.Width, (x + 1.0) / box.Width);
            var (bottom, top) = (At(low, range, box.Height) + Half, At(high, range, box.Height) - Half);
            for (var y = Math.Max(0, (int)Math.Floor(top)); y <= Math.Min(box.Height - 1, (int)Math.Floor(bottom)); y++)
            {
                var share = Math.Min(bottom, y + 1) - Math.Max(top, y);
                if (share > 0) color.Blend(image, box.Left + x, box.Top + y, Math.Min(1, share));
            }
        }
    }

    private static double At(double value, MapRange range, int height) => height * (1 - Margin - ((1 - (2 * Margin)) * range.Normalize((float)value)));

    /// <summary>The lowest and highest point of the line between two shares of its length.</summary>
    private static (double Low, double High) Within(ReadOnlySpan<float> values, double from, double to)
    {
        var (first, last) = (from * (values.Length - 1), to * (values.Length - 1));
        var (a, b) = (Between(values, first), Between(values, last));
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        for (var i = (int)Math.Ceiling(first); i <= last; i++) (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        return (low, high);
    }

    private static double Between(ReadOnlySpan<float> values, double at)
    {
        var below = Math.Min((int)at, values.Length - 1);
        var above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((at - below) * ((double)values[above] - values[below]));
    }
}

namespace OnnxViz.Visualize;

/// <summary>
/// Lucid's standard transforms (optvis/transform.py): pad by 12 gray pixels, jitter by 8, scale by 0.90 to 1.10 in
/// steps of 0.02, rotate by -10 to 10 degrees with a better chance for 0, jitter by 4, drawn anew for every step and
/// joined into one map, so that the picture is interpolated once and not four times.
/// </summary>
internal static class LucidTransforms
{
    public const int Pad = 12;

    private const int FirstJitter = 8;
    private const int LastJitter = 4;

    /// <summary>The jitters crop: so much less than the padded picture is seen.</summary>
    public const int Crop = FirstJitter + LastJitter;

    /// <summary>Where in the picture a pixel of what the model sees comes from.</summary>
    public static Func<double, double, (double X, double Y)> Draw(CounterRandom random, int inHeight, int inWidth, int outHeight, int outWidth)
    {
        var (x1, y1) = (Jitter(FirstJitter), Jitter(FirstJitter));
        var scale = 0.9 + (0.02 * random.Next(11));
        // Lucid lists -10..10 and five times 0 more.
        var degrees = random.Next(26) is var draw && draw < 21 ? draw - 10 : 0;
        var (x2, y2) = (Jitter(LastJitter), Jitter(LastJitter));
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return (x, y) =>
        {
            // From the last transform back to the first, about the middle.
            var (dx, dy) = (x - ((outWidth - 1) / 2.0) + x2, y - ((outHeight - 1) / 2.0) + y2);
            (dx, dy) = (((cos * dx) + (sin * dy)) / scale, ((cos * dy) - (sin * dx)) / scale);
            return (dx + x1 + ((inWidth - 1) / 2.0), dy + y1 + ((inHeight - 1) / 2.0));
        };

        // A crop by d leaves d + 1 positions, here counted from the middle.
        int Jitter(int d) => random.Next(d + 1) - (d / 2);
    }
}

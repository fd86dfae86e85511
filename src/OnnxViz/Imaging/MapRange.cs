namespace OnnxViz.Imaging;

/// <summary>Which values of a float map become a colour map's two ends; what lies outside takes the end's colour.</summary>
/// <remarks>NaN and infinite values are passed over when a range is sought; a map of nothing else has the range 0..1.</remarks>
public readonly record struct MapRange(float Low, float High)
{
    /// <summary>From the smallest to the largest value.</summary>
    public static MapRange MinMax(ReadOnlySpan<float> map) => Between(map, 0, 100);

    /// <summary>
    /// From the <paramref name="low"/>th to the <paramref name="high"/>th percentile, so that a few extremes do not darken all else.
    /// </summary>
    public static MapRange Between(ReadOnlySpan<float> map, double low, double high)
    {
        float[] sorted = SortedFinite(map, v => v);
        return sorted.Length == 0 ? new(0, 1) : new(Percentile(sorted, low), Percentile(sorted, high));
    }

    /// <summary>
    /// -m..m for signed maps, so that 0 takes the middle colour; m is the <paramref name="percentile"/>th percentile of |map|, or the
    /// largest where that is 0, or 1 for a map of zeros.
    /// </summary>
    public static MapRange Symmetric(ReadOnlySpan<float> map, double percentile = 99)
    {
        float limit = Limit(map, Math.Abs, percentile);
        return new(-limit, limit);
    }

    /// <summary>0..m for maps that are positive or whose negative part does not matter; m as in <see cref="Symmetric"/>.</summary>
    public static MapRange Positive(ReadOnlySpan<float> map, double percentile = 99) =>
        new(0, Limit(map, v => Math.Max(v, 0), percentile));

    /// <summary>Where <paramref name="value"/> lies in the range: 0 up to Low, 1 from High on. All of an empty range is 0.</summary>
    public float Normalize(float value) =>
        value >= High && High > Low ? 1 : value > Low ? (float)(((double)value - Low) / ((double)High - Low)) : 0;

    internal static void CheckSize(ReadOnlySpan<float> map, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (map.Length != (long)width * height)
        {
            throw new ArgumentException($"A {width}x{height} map has {(long)width * height} values, not {map.Length}.", nameof(map));
        }
    }

    private static float Limit(ReadOnlySpan<float> map, Func<float, float> measure, double percentile)
    {
        float[] sorted = SortedFinite(map, measure);
        float limit = sorted.Length == 0 ? 0 : Percentile(sorted, percentile);
        return limit > 0 ? limit : sorted.Length > 0 && sorted[^1] > 0 ? sorted[^1] : 1;
    }

    private static float[] SortedFinite(ReadOnlySpan<float> map, Func<float, float> measure)
    {
        List<float> values = new(map.Length);
        foreach (float value in map)
        {
            if (float.IsFinite(value))
            {
                values.Add(measure(value));
            }
        }

        values.Sort();
        return [.. values];
    }

    /// <summary>Between two values by straight line, as numpy.percentile does.</summary>
    private static float Percentile(float[] sorted, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        double at = percent / 100 * (sorted.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, sorted.Length - 1);
        return (float)(sorted[below] + ((at - below) * ((double)sorted[above] - sorted[below])));
    }
}

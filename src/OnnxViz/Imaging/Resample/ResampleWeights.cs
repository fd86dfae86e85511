namespace OnnxViz.Imaging.Resample;

/// <summary>
/// For every position of the new side, which old positions it is made of and how much of each. When a picture shrinks, the filter
/// widens with the factor, so that every old pixel counts (antialiasing). Formulas as in Pillow's <c>src/libImaging/Resample.c</c>.
/// </summary>
internal sealed class ResampleWeights
{
    private readonly double[] _weights;

    public ResampleWeights(int from, int to, ResampleFilter filter)
    {
        double scale = (double)from / to, stretch = Math.Max(1, scale);
        double support = (filter == ResampleFilter.Bicubic ? 2 : 1) * stretch;
        Taps = ((int)Math.Ceiling(support) * 2) + 1;
        Starts = new int[to];
        Counts = new int[to];
        _weights = new double[to * Taps];
        for (int i = 0; i < to; i++)
        {
            double center = (i + 0.5) * scale;
            Starts[i] = Math.Max(0, (int)(center - support + 0.5));
            Counts[i] = Math.Min(from, (int)(center + support + 0.5)) - Starts[i];
            Span<double> own = _weights.AsSpan(i * Taps, Counts[i]);
            double sum = 0;
            for (int k = 0; k < own.Length; k++)
            {
                own[k] = At((Starts[i] + k - center + 0.5) * (1 / stretch), filter);
                sum += own[k];
            }

            for (int k = 0; k < own.Length; k++)
            {
                own[k] *= 1 / sum;
            }
        }
    }

    /// <summary>Room for weights per new position.</summary>
    public int Taps { get; }

    /// <summary>First old position of every new one.</summary>
    public int[] Starts { get; }

    /// <summary>Number of old positions of every new one.</summary>
    public int[] Counts { get; }

    /// <summary>The weights of new position <paramref name="i"/>; their sum is 1.</summary>
    public ReadOnlySpan<double> Of(int i) => _weights.AsSpan(i * Taps, Counts[i]);

    /// <summary>All weights, times 2^<paramref name="bits"/> and rounded half away from zero; position i begins at i * Taps.</summary>
    public int[] Fixed(int bits) => [.. _weights.Select(weight => (int)((weight * (1 << bits)) + (weight < 0 ? -0.5 : 0.5)))];

    private static double At(double x, ResampleFilter filter)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return (filter, x) switch
        {
            (ResampleFilter.Bilinear, < 1) => 1 - x,
            (ResampleFilter.Bicubic, < 1) => (((((a + 2) * x) - (a + 3)) * x) * x) + 1,
            (ResampleFilter.Bicubic, < 2) => ((((x - 5) * x) + 8) * x - 4) * a,
            _ => 0,
        };
    }
}

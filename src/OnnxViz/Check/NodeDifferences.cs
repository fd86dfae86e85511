namespace OnnxViz.Check;

/// <summary>
/// The derivative of every output of a node along a direction, by differences of two steps, and which outputs have one:
/// between the steps h and h/2 the slope must stay, and the second difference must shrink as curvature does.
/// </summary>
internal sealed class NodeDifferences
{
    private readonly double[][] _slopes;
    private readonly double[][] _noise;
    private readonly bool[][] _kinked;

    /// <param name="center">The outputs at the point.</param>
    /// <param name="step">h.</param>
    /// <param name="tolerance">What the slope of a smooth output may deviate, relative to itself.</param>
    /// <param name="outputs">The outputs at a place along the direction.</param>
    public NodeDifferences(float[][] center, double step, double tolerance, Func<double, float[][]> outputs)
    {
        float[][] above = outputs(step), below = outputs(-step), halfAbove = outputs(step / 2), halfBelow = outputs(-step / 2);
        _slopes = new double[center.Length][];
        _noise = new double[center.Length][];
        _kinked = new bool[center.Length][];
        for (var k = 0; k < center.Length; k++)
        {
            var (y, count) = (center[k], center[k].Length);
            var (slopes, noise, size) = (new double[count], new double[count], Vectors.Scale(y));
            if (Array.TrueForAll(y, n => n == 0)) size = 0;
            _kinked[k] = new bool[count];
            for (var j = 0; j < count; j++)
            {
                var wide = ((double)above[k][j] - below[k][j]) / (2 * step);
                var narrow = ((double)halfAbove[k][j] - halfBelow[k][j]) / step;
                // How one side's slope differs from the other's, less what curvature makes of it.
                var bend = ((double)above[k][j] + below[k][j] - (2.0 * y[j])) / step;
                bend -= 4 * ((double)halfAbove[k][j] + halfBelow[k][j] - (2.0 * y[j])) / step;
                // Sums may be of larger numbers than come out.
                noise[j] = 8 * Check.Derivative.Rounding * (Math.Abs(y[j]) + size) / step;
                var allowed = (2 * tolerance * Math.Abs(narrow)) + noise[j];
                _kinked[k][j] = !(Math.Abs(narrow - wide) <= allowed && Math.Abs(bend) <= 4 * allowed);
                if (_kinked[k][j]) Kinks++;
                slopes[j] = ((4 * narrow) - wide) / 3;
            }

            (_slopes[k], _noise[k]) = (slopes, noise);
            Count += count;
        }
    }

    public long Count { get; }

    public long Kinks { get; }

    /// <summary>Sets the seeds of outputs that have a kink to 0.</summary>
    public void Mask(float[][] seeds)
    {
        for (var k = 0; k < seeds.Length; k++)
            for (var j = 0; j < seeds[k].Length; j++)
                if (_kinked[k][j]) seeds[k][j] = 0;
    }

    /// <summary>Gives the seeds the signs of the slopes.</summary>
    public void Align(float[][] seeds)
    {
        for (var k = 0; k < seeds.Length; k++)
            for (var j = 0; j < seeds[k].Length; j++)
                seeds[k][j] = _slopes[k][j] < 0 ? -Math.Abs(seeds[k][j]) : Math.Abs(seeds[k][j]);
    }

    /// <param name="seeds">Masked.</param>
    /// <param name="size">How large the derivative is if its summands have random signs.</param>
    public Derivative Derivative(float[][] seeds, out double size)
    {
        var (sum, squares, noise) = (0.0, 0.0, 0.0);
        for (var k = 0; k < seeds.Length; k++)
        {
            for (var j = 0; j < seeds[k].Length; j++)
            {
                if (seeds[k][j] == 0) continue;
                var part = seeds[k][j] * _slopes[k][j];
                sum += part;
                squares += part * part;
                noise += Math.Pow(seeds[k][j] * _noise[k][j], 2);
            }
        }

        size = Math.Sqrt(squares);
        return new Derivative(sum, Math.Sqrt(noise));
    }
}

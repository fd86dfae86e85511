namespace OnnxViz.Check;

/// <summary>A derivative taken by differences.</summary>
/// <param name="Value">What the differences tend to as the step shrinks.</param>
/// <param name="Uncertainty">How far that may be off, from how the steps differ and from rounding.</param>
internal readonly record struct Derivative(double Value, double Uncertainty)
{
    /// <summary>Half a unit in the last place of a float32 of size 1.</summary>
    public const double Rounding = 5.96e-8;

    private const int Levels = 7;

    /// <summary>A deviation within so many uncertainties says nothing.</summary>
    private const double Sigmas = 5;

    /// <summary>Beyond this share of the derivative's scale uncertain differences do not confirm anything.</summary>
    private const double Vaguest = 0.05;

    /// <summary>
    /// Derivatives at 0 of several functions of one number, by central differences of halving steps, extrapolated to the
    /// step 0 (Ridders 1982, "Accurate computation of F'(x) and F'(x) F''(x)").
    /// </summary>
    /// <param name="functions">Gives all their values at a number.</param>
    /// <param name="step">The first step.</param>
    /// <param name="wanted">The uncertainty that will do for each function.</param>
    public static Derivative[] Of(Func<double, double[]> functions, double step, IReadOnlyList<double> wanted)
    {
        var tables = wanted.Select(_ => new List<double>()).ToArray();
        var best = wanted.Select(_ => new Derivative(double.NaN, double.PositiveInfinity)).ToArray();
        for (var level = 0; level < Levels; level++, step /= 2)
        {
            var (above, below) = (functions(step), functions(-step));
            for (var i = 0; i < best.Length; i++)
            {
                var rounding = Rounding * (Math.Abs(above[i]) + Math.Abs(below[i])) / step;
                best[i] = Extrapolated(tables[i], (above[i] - below[i]) / (2 * step), rounding, best[i]);
            }

            if (level > 0 && Enumerable.Range(0, best.Length).All(i => best[i].Uncertainty <= wanted[i])) break;
        }

        return best;
    }

    /// <param name="found">What the gradient says.</param>
    /// <param name="scale">What counts as large here.</param>
    /// <param name="tolerance">Relative to the scale.</param>
    public Verdict Judge(double found, double scale, double tolerance)
    {
        var error = Math.Abs(Value - found);
        if (error <= tolerance * scale) return Verdict.Agrees;
        if (!double.IsFinite(found)) return double.IsFinite(Value) ? Verdict.Wrong : Verdict.Unresolved;
        if (double.IsNaN(error) || error <= Sigmas * Uncertainty) return Sigmas * Uncertainty <= Vaguest * scale ? Verdict.Agrees : Verdict.Unresolved;
        return Verdict.Wrong;
    }

    /// <summary>Adds a row to Neville's triangle, of which the last row is kept, and takes the steadiest of its entries.</summary>
    private static Derivative Extrapolated(List<double> row, double difference, double rounding, Derivative best)
    {
        var previous = row.ToArray();
        row.Clear();
        row.Add(difference);
        var factor = 4.0;
        foreach (var (k, before) in previous.Index())
        {
            row.Add(((row[k] * factor) - before) / (factor - 1));
            var change = Math.Max(Math.Abs(row[k + 1] - row[k]), Math.Abs(row[k + 1] - before));
            if (change + rounding < best.Uncertainty) best = new Derivative(row[k + 1], change + rounding);
            factor *= 4;
        }

        return best;
    }
}

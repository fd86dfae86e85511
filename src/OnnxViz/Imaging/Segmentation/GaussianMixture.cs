using MathNet.Numerics.LinearAlgebra;

namespace OnnxViz.Imaging.Segmentation;

/// <summary>
/// A mixture of Gaussians over colours: started by splitting the widest part across its longest axis (Orchard and
/// Bouman 1991, as GrabCut does), refined by expectation maximisation. No randomness.
/// </summary>
internal sealed class GaussianMixture
{
    private const int Channels = 3;
    private const int Rounds = 12;

    /// <summary>Added to every variance, in squared 8-bit levels: a part of one colour must not become infinitely sharp.</summary>
    private const double Floor = 4;

    private readonly ColorGaussian[] _parts;

    private GaussianMixture(ColorGaussian[] parts) => _parts = parts;

    /// <param name="colors">At least one, in 0..255.</param>
    /// <param name="count">Parts at most; fewer where there are not so many colours.</param>
    public static GaussianMixture Fit(IReadOnlyList<double[]> colors, int count)
    {
        var mixture = new GaussianMixture([.. Split(colors, count).Select(part => Gaussian(part, colors.Count))]);
        for (var round = 0; round < Rounds; round++) mixture = mixture.Refined(colors);
        return mixture;
    }

    /// <summary>log p(colour).</summary>
    public double LogLikelihood(double[] color)
    {
        var logs = Array.ConvertAll(_parts, p => p.LogLikelihood(color));
        var largest = logs.Max();
        return largest + Math.Log(logs.Sum(l => Math.Exp(l - largest)));
    }

    private static List<List<double[]>> Split(IReadOnlyList<double[]> colors, int count)
    {
        List<List<double[]>> parts = [[.. colors]];
        while (parts.Count < count)
        {
            var axes = parts.ConvertAll(LongestAxis);
            var widest = Enumerable.Range(0, parts.Count).MaxBy(i => axes[i].Variance * parts[i].Count);
            var (_, axis, mean) = axes[widest];
            var sides = parts[widest].ToLookup(c => Along(c, axis) > Along(mean, axis));
            // One colour only: nothing is left to be split.
            if (!sides[true].Any() || !sides[false].Any()) break;
            parts[widest] = [.. sides[false]];
            parts.Add([.. sides[true]]);
        }

        return parts;
    }

    private static (double Variance, double[] Axis, double[] Mean) LongestAxis(List<double[]> part)
    {
        var (mean, covariance) = Moments(part, null);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        return (eigen.EigenValues[Channels - 1].Real, eigen.EigenVectors.Column(Channels - 1).ToArray(), mean);
    }

    private GaussianMixture Refined(IReadOnlyList<double[]> colors)
    {
        var shares = new double[_parts.Length][];
        for (var k = 0; k < shares.Length; k++) shares[k] = new double[colors.Count];
        for (var i = 0; i < colors.Count; i++)
        {
            var all = LogLikelihood(colors[i]);
            for (var k = 0; k < _parts.Length; k++) shares[k][i] = Math.Exp(_parts[k].LogLikelihood(colors[i]) - all);
        }

        // A part that explains less than one colour has nothing to be estimated from.
        return new GaussianMixture([.. shares.Where(s => s.Sum() >= 1).Select(s => Gaussian(colors, colors.Count, s))]);
    }

    private static ColorGaussian Gaussian(IReadOnlyList<double[]> colors, int all, double[]? shares = null)
    {
        var (mean, covariance) = Moments(colors, shares);
        return new ColorGaussian((shares?.Sum() ?? colors.Count) / all, mean, covariance + (Matrix<double>.Build.DenseIdentity(Channels) * Floor));
    }

    private static (double[] Mean, Matrix<double> Covariance) Moments(IReadOnlyList<double[]> colors, double[]? shares)
    {
        var total = shares?.Sum() ?? colors.Count;
        var mean = new double[Channels];
        var covariance = new double[Channels, Channels];
        for (var i = 0; i < colors.Count; i++)
            for (var c = 0; c < Channels; c++) mean[c] += (shares?[i] ?? 1) * colors[i][c] / total;
        for (var i = 0; i < colors.Count; i++)
        {
            for (var r = 0; r < Channels; r++)
                for (var c = 0; c < Channels; c++) covariance[r, c] += (shares?[i] ?? 1) * (colors[i][r] - mean[r]) * (colors[i][c] - mean[c]) / total;
        }

        return (mean, Matrix<double>.Build.DenseOfArray(covariance));
    }

    private static double Along(double[] color, double[] axis) => (color[0] * axis[0]) + (color[1] * axis[1]) + (color[2] * axis[2]);
}

using System.Globalization;
using MathNet.Numerics.Integration;
using OnnxViz.Autodiff;
using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>Where the gradient is taken between baseline and picture, and with which weights.</summary>
public enum Quadrature
{
    /// <summary>Exact for polynomials of the degree 2 steps - 1.</summary>
    GaussLegendre,

    /// <summary>In the middle of equal parts.</summary>
    Midpoint,
}

/// <summary>(x - b) * the integral of the gradient from the baseline b to the picture x, by a quadrature over the straight path.</summary>
public sealed record IntegratedGradients() : SaliencyMethod("integrated-gradients", "(x - b) * the mean gradient from the baseline b to the picture x.", new("Sundararajan et al.", 2017))
{
    /// <summary>Finding the places of a Gauss-Legendre rule takes its square in time.</summary>
    private const int LargestRule = 10_000;

    /// <summary>What is begun with where nobody says how many.</summary>
    internal const int UsualSteps = 50;

    /// <summary>What is not gone beyond unasked.</summary>
    internal const int MostSteps = 400;

    /// <summary>How far the sum of the attributions may be from the difference of the scores, as a share of it.</summary>
    internal const double Tolerance = 0.05;

    public override SaliencyFamily Family => SaliencyFamily.ManyGradients;

    public override SaliencyLook Look => SaliencyLook.Absolute;

    /// <summary>
    /// Null begins with <see cref="UsualSteps"/> and doubles them, up to <see cref="MostSteps"/>, as long as the attributions of a picture miss
    /// the difference of the scores by more than <see cref="Tolerance"/> of it.
    /// </summary>
    [Option("steps", "Gradients on the way.", Min = 1, Max = LargestRule, Usual = "50 are usual, 300 exact", Default = "50, up to 400 where the sum is off by 5 %")]
    public int? Steps { get; init; }

    [Option("quadrature", "Where on the way they are taken, and with which weights.")]
    public Quadrature Quadrature { get; init; } = Quadrature.GaussLegendre;

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var baseline = Baseline.RowOf(task);
        var (baselineScores, taken) = (new float[task.Rows], new int[task.Rows]);
        // The baseline is a variant of its own.
        using var pass = new ForwardPass(task, GradientRules.Default, (Steps ?? UsualSteps) + 1);
        var result = task.ForEachRow((row, unit, score) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            for (var steps = Steps ?? UsualSteps; ; steps *= 2)
            {
                (var attribution, baselineScores[row]) = Along(pass, unit, picture, baseline, steps, task.ProgressOf(row));
                taken[row] = steps;
                var residual = attribution.Sum(a => (double)a) - ((double)score - baselineScores[row]);
                if (Steps is not null || 2 * steps > MostSteps || SaliencyResult.Relative(residual, score, baselineScores[row]) <= Tolerance) return attribution;
            }
        });
        return result with { BaselineScores = baselineScores, Steps = taken };
    }

    internal override IEnumerable<Caveat> CaveatsOf(SaliencyTask task, SaliencyResult result, int row)
    {
        var (off, steps) = (result.RelativeResiduals![row], result.Steps![row]);
        if (off > Tolerance)
            yield return new(CaveatKind.Incomplete, string.Create(CultureInfo.InvariantCulture, $"is off by {off:0.#%} after {steps} steps: its sum misses the difference of the scores by as much"));
        else if (Steps is null && steps > UsualSteps)
            yield return new(CaveatKind.MoreSteps, string.Create(CultureInfo.InvariantCulture, $"took {steps} steps, for fewer miss the difference of the scores by more than {Tolerance:0%}"));
    }

    /// <summary>The attribution by a number of steps, and the score of the baseline.</summary>
    private (float[] Attribution, float BaselineScore) Along(ForwardPass pass, long unit, float[] picture, float[] baseline, int steps, IProgress<double>? progress)
    {
        var (nodes, weights) = Rule(Quadrature, steps);
        // The last node is the baseline: its score is wanted, its gradient has no weight.
        (nodes, weights) = ([.. nodes, 0], [.. weights, 0]);
        var (sum, baselineScore) = (new double[picture.Length], 0f);
        pass.Run(
            unit, nodes.Length,
            (step, image) =>
            {
                for (var i = 0; i < image.Length; i++) image[i] = (float)(baseline[i] + (nodes[step] * ((double)picture[i] - baseline[i])));
            },
            (step, score, gradient) =>
            {
                if (step == nodes.Length - 1) baselineScore = score;
                for (var i = 0; i < sum.Length; i++) sum[i] += weights[step] * gradient[i];
            },
            progress);
        return ([.. sum.Select((s, i) => (float)(s * ((double)picture[i] - baseline[i])))], baselineScore);
    }

    /// <summary>Nodes in 0..1 and weights whose sum is 1.</summary>
    internal static (double[] Nodes, double[] Weights) Rule(Quadrature quadrature, int steps)
    {
        if (quadrature == Quadrature.Midpoint || steps == 1)
            return ([.. Enumerable.Range(0, steps).Select(i => (i + 0.5) / steps)], [.. Enumerable.Repeat(1.0 / steps, steps)]);
        var rule = new GaussLegendreRule(0, 1, steps);
        return (rule.Abscissas, rule.Weights);
    }
}

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

    public override SaliencyFamily Family => SaliencyFamily.ManyGradients;

    public override SaliencyLook Look => SaliencyLook.Absolute;

    [Option("steps", "Gradients on the way.", Min = 1, Max = LargestRule, Usual = "50 are usual, 300 exact")]
    public int Steps { get; init; } = 50;

    [Option("quadrature", "Where on the way they are taken, and with which weights.")]
    public Quadrature Quadrature { get; init; } = Quadrature.GaussLegendre;

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (nodes, weights) = Rule(Quadrature, Steps);
        // The last node is the baseline: its score is wanted, its gradient has no weight.
        (nodes, weights) = ([.. nodes, 0], [.. weights, 0]);
        var baseline = Baseline.RowOf(task);
        var baselineScores = new float[task.Rows];
        using var pass = new ForwardPass(task, GradientRules.Default, nodes.Length);
        var result = task.ForEachRow((row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var sum = new double[picture.Length];
            pass.Run(
                unit, nodes.Length,
                (step, image) =>
                {
                    for (var i = 0; i < image.Length; i++) image[i] = (float)(baseline[i] + (nodes[step] * ((double)picture[i] - baseline[i])));
                },
                (step, score, gradient) =>
                {
                    if (step == nodes.Length - 1) baselineScores[row] = score;
                    for (var i = 0; i < sum.Length; i++) sum[i] += weights[step] * gradient[i];
                },
                task.ProgressOf(row));
            return [.. sum.Select((s, i) => (float)(s * ((double)picture[i] - baseline[i])))];
        });
        return result with { BaselineScores = baselineScores };
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

using MathNet.Numerics.Integration;
using OnnxViz.Autodiff;
using OnnxViz.Models;

namespace OnnxViz.Saliency.Methods;

/// <summary>(x - b) * the integral of the gradient from b to x, by a quadrature over the straight path.</summary>
internal sealed class IntegratedGradients : AttributionMethod
{
    public override SaliencyResult Explain(AttributionTask task)
    {
        var (nodes, weights) = Rule(task.Options.Quadrature, task.Options.Steps);
        // Of the baseline the score alone is wanted.
        (nodes, weights) = ([.. nodes, 0], [.. weights, 0]);
        var baseline = task.Baseline();
        var baselineScores = new float[task.Rows];
        using var probe = new Probe(task, GradientRules.Default, nodes.Length);
        var result = PerPicture.Explain(task, (row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var sum = new double[picture.Length];
            probe.Run(
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

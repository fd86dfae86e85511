using OnnxViz.Autodiff;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;

namespace OnnxViz.Saliency.Methods;

/// <summary>What becomes of the gradients of noisy copies.</summary>
internal enum NoiseStatistic
{
    Mean,

    /// <summary>Of all copies, not an estimate from a sample: E[g^2] - E[g]^2.</summary>
    Variance,

    MeanSquare,
}

/// <summary>SmoothGrad and its kin: statistics of the gradient under Gaussian noise of a share of the picture's own range.</summary>
internal sealed class NoisyGradients(NoiseStatistic statistic) : AttributionMethod
{
    private const ulong Stream = 0x6E6F6973;

    public override SaliencyResult Explain(AttributionTask task)
    {
        var samples = task.Options.Samples;
        using var probe = new Probe(task, GradientRules.Default, samples);
        return PerPicture.Explain(task, (row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var deviation = task.Options.Noise * ((double)picture.Max() - picture.Min());
            var (mean, spread) = (new double[picture.Length], new double[picture.Length]);
            probe.Run(
                unit, samples,
                (sample, image) =>
                {
                    // Of the sample alone: a picture's noise does not depend on which pictures are explained beside it.
                    var random = new CounterRandom(task.Options.Seed, (Stream << 32) + (ulong)sample);
                    for (var i = 0; i < image.Length; i++) image[i] = (float)(picture[i] + (deviation * random.Normal()));
                },
                (sample, _, gradient) =>
                {
                    // Welford's way, which loses no digits.
                    for (var i = 0; i < mean.Length; i++)
                    {
                        var difference = gradient[i] - mean[i];
                        mean[i] += difference / (sample + 1);
                        spread[i] += difference * (gradient[i] - mean[i]);
                    }
                },
                task.ProgressOf(row));
            return [.. mean.Select((m, i) => (float)(statistic switch
            {
                NoiseStatistic.Mean => m,
                NoiseStatistic.Variance => spread[i] / samples,
                _ => (spread[i] / samples) + (m * m),
            }))];
        });
    }
}

using OnnxViz.Autodiff;
using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>SmoothGrad and its kin: a statistic of the gradient g under Gaussian noise.</summary>
public abstract record NoisyGradients(string Word, string Summary, Paper Paper) : SaliencyMethod(Word, Summary, Paper)
{
    private const ulong Stream = 0x6E6F6973;

    [Option("samples", "Noisy copies of the picture.", Min = 1)]
    public int Samples { get; init; } = 50;

    [Option("noise", "Standard deviation of the noise, as a share of max - min of the picture's input.", Form = "SHARE", Above = 0, Usual = "0.15 is usual")]
    public double Noise { get; init; } = 0.15;

    public override SaliencyFamily Family => SaliencyFamily.ManyGradients;

    public override SaliencyLook Look => SaliencyLook.Absolute;

    /// <param name="mean">E[g] at one number of the input.</param>
    /// <param name="variance">E[g^2] - E[g]^2 there.</param>
    private protected abstract double Statistic(double mean, double variance);

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var pass = new ForwardPass(task, GradientRules.Default, Samples);
        return task.ForEachRow((row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var deviation = Noise * ((double)picture.Max() - picture.Min());
            var (mean, spread) = (new double[picture.Length], new double[picture.Length]);
            pass.Run(
                unit, Samples,
                (sample, image) =>
                {
                    // The stream depends on the sample alone, so that a picture's noise is the same in every batch.
                    var random = new CounterRandom(Seed, (Stream << 32) + (ulong)sample);
                    for (var i = 0; i < image.Length; i++) image[i] = (float)(picture[i] + (deviation * random.Normal()));
                },
                (sample, _, gradient) =>
                {
                    // Welford's algorithm: no cancellation of large sums.
                    for (var i = 0; i < mean.Length; i++)
                    {
                        var difference = gradient[i] - mean[i];
                        mean[i] += difference / (sample + 1);
                        spread[i] += difference * (gradient[i] - mean[i]);
                    }
                },
                task.ProgressOf(row));
            return [.. mean.Select((m, i) => (float)Statistic(m, spread[i] / Samples))];
        });
    }
}

public sealed record SmoothGrad() : NoisyGradients("smoothgrad", "E[g], the mean gradient of noisy copies.", new("Smilkov et al.", 2017))
{
    private protected override double Statistic(double mean, double variance) => mean;
}

/// <summary>The variance of all copies, not an estimate from a sample.</summary>
public sealed record VarGrad() : NoisyGradients("vargrad", "E[g^2] - E[g]^2, the variance of the gradient of noisy copies.", new("Adebayo et al.", 2018))
{
    private protected override double Statistic(double mean, double variance) => variance;
}

public sealed record SquareGrad() : NoisyGradients("squaregrad", "E[g^2], the mean square of the gradient of noisy copies.", new("Hooker et al.", 2019))
{
    private protected override double Statistic(double mean, double variance) => variance + (mean * mean);
}

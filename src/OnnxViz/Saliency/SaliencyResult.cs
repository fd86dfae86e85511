namespace OnnxViz.Saliency;

/// <param name="Attribution">Signed, in the shape and layout of the input; of class activation maps [N, 1, h, w].</param>
/// <param name="Scores">The explained score of each row.</param>
/// <param name="Units">The unit or class that was explained in each row.</param>
public sealed record SaliencyResult(Tensor Attribution, float[] Scores, long[] Units)
{
    /// <summary>Of integrated gradients: the score of each row's baseline. Attributions should add up to score - this.</summary>
    public float[]? BaselineScores { get; init; }

    /// <summary>Of class activation maps: the layer they are made of.</summary>
    public Value? MapLayer { get; init; }

    /// <summary>Of integrated gradients: sum of the attributions - (score - score of the baseline), of each row; 0 in the limit of many steps.</summary>
    public double[]? CompletenessResiduals => BaselineScores is not { } baseline
        ? null
        : [.. Scores.Select((score, row) => Sum(Tensors.Row(Attribution, row)) - ((double)score - baseline[row]))];

    /// <summary>Of integrated gradients: how many steps were taken for each row.</summary>
    public int[]? Steps { get; init; }

    /// <summary>What a reader has to know of each row before believing it; empty where nothing is known.</summary>
    public IReadOnlyList<IReadOnlyList<Caveat>> Caveats { get; init; } = [];

    /// <summary>Of integrated gradients: the size of the residual beside the difference of the scores, or beside a hundredth of the score where that is larger.</summary>
    internal double[]? RelativeResiduals => CompletenessResiduals is not { } residuals
        ? null
        : [.. residuals.Select((residual, row) => Relative(residual, Scores[row], BaselineScores![row]))];

    /// <summary>A residual beside what the attributions should add up to.</summary>
    internal static double Relative(double residual, double score, double baselineScore) =>
        residual == 0 ? 0 : Math.Abs(residual) / Math.Max(Math.Abs(score - baselineScore), 0.01 * Math.Abs(score));

    private static double Sum(ReadOnlySpan<float> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers) sum += number;
        return sum;
    }
}

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

    private static double Sum(ReadOnlySpan<float> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers) sum += number;
        return sum;
    }
}

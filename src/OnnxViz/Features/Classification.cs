using OnnxViz.Objectives;

namespace OnnxViz.Features;

/// <summary>A class that a network takes a picture for.</summary>
/// <param name="Class">Its number, from 0.</param>
/// <param name="Score">Before the softmax, where there is one.</param>
/// <param name="Probability">0 to 1; null where the network has none: it has one score, which is no probability.</param>
public sealed record Prediction(int Class, float Score, float? Probability)
{
    /// <summary>What the probability is: a softmax of the scores, or the network's own number.</summary>
    public ProbabilityKind Kind { get; init; }

    /// <summary>The class's name; null where nobody knows it.</summary>
    public string? Name { get; init; }
}

/// <summary>What a classifier answers.</summary>
internal static class Classification
{
    /// <summary>Scores before the softmax, [N, K]; maps of scores are averaged over their positions.</summary>
    public static Tensor Scores(VisionModel model, Tensor input, RuntimeOptions runtime, CancellationToken token = default)
    {
        var output = ClassOutput.Of(model);
        var forward = ShapedModel.Start(model, input.Dims, output);
        var scores = ScoreTarget.ClassScores(forward.Builder, forward.Units(output));
        forward.Builder.Output("scores", scores);
        using var session = new Session(forward.Builder.Build(), runtime);
        return session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = input }, token)["scores"];
    }

    /// <summary>The highest classes of one row of scores, best first.</summary>
    public static IReadOnlyList<Prediction> Top(ReadOnlySpan<float> scores, int count, ProbabilityKind kind)
    {
        var row = scores.ToArray();
        var highest = row.Max();
        var sum = row.Sum(s => Math.Exp(s - highest));
        return [.. Enumerable.Range(0, row.Length).OrderByDescending(i => row[i]).Take(count)
            .Select(i => new Prediction(i, row[i], Probability(row[i])) { Kind = kind })];

        float? Probability(float score) => kind switch
        {
            ProbabilityKind.None => null,
            ProbabilityKind.Softmax => (float)(Math.Exp(score - highest) / sum),
            _ => score,
        };
    }
}

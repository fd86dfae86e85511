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

/// <summary>What a classifier answers to one picture after the other: the session of a size is kept for the next of that size.</summary>
internal sealed class Classification(RuntimeOptions runtime) : IDisposable
{
    private (VisionModel Model, long[] Dims, string Input, Session Session)? _open;

    /// <summary>Scores before the softmax, [N, K]; maps of scores are averaged over their positions.</summary>
    public Tensor Scores(VisionModel model, Tensor input, CancellationToken token = default)
    {
        if (_open is not var (open, dims, name, session) || open != model || !dims.AsSpan().SequenceEqual(input.Dims)) (_, _, name, session) = Open(model, input.Dims);
        return session.Run(new Dictionary<string, Tensor> { [name] = input }, token)["scores"];
    }

    /// <inheritdoc cref="Scores(VisionModel, Tensor, CancellationToken)"/>
    public static Tensor Scores(VisionModel model, Tensor input, RuntimeOptions runtime, CancellationToken token = default)
    {
        using var once = new Classification(runtime);
        return once.Scores(model, input, token);
    }

    public void Dispose() => _open?.Session.Dispose();

    private (VisionModel Model, long[] Dims, string Input, Session Session) Open(VisionModel model, long[] dims)
    {
        Dispose();
        _open = null;
        var output = ClassOutput.Of(model);
        var forward = ShapedModel.Start(model, dims, output);
        forward.Builder.Output("scores", ScoreTarget.ClassScores(forward.Builder, forward.Units(output)));
        var made = (model, dims, forward.Input.Name, new Session(forward.Builder.Build(), runtime));
        _open = made;
        return made;
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

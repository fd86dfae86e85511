namespace OnnxViz.Training;

/// <summary>
/// Cross entropy between scores and targets, as nodes of the training graph: the mean over the batch of
/// -sum over k of target[k] log softmax(scores)[k].
/// </summary>
internal static class CrossEntropy
{
    /// <param name="b">Receives the nodes.</param>
    /// <param name="scores">[N, K].</param>
    /// <param name="targets">[N, K], every row sums to 1.</param>
    /// <returns>The loss, a scalar; its gradient by the scores, [N, K]; and how many rows have their largest score where the target has, a scalar.</returns>
    public static (Value Loss, Value Gradient, Value Correct) Emit(GraphBuilder b, Value scores, Value targets)
    {
        using var scope = b.Scope("loss");
        var log = b.Emit("LogSoftmax", [scores], ("axis", 1L));
        var rows = (float)scores.StaticDims()[0];
        var loss = b.Mul(b.ReduceSum(b.Mul(log, targets), [0, 1], keep: false), -1 / rows);
        var gradient = b.Mul(b.Sub(b.Exp(log), targets), 1 / rows);
        var hits = b.Cast(b.Equal(Largest(scores), Largest(targets)), ElementType.Float);
        return (loss, gradient, b.ReduceSum(hits, [0], keep: false));

        Value Largest(Value rows) => b.Emit("ArgMax", [rows], ("axis", 1L), ("keepdims", 0L));
    }

    /// <summary>Targets of labels: 1 - smoothing + smoothing / K for the label's class, smoothing / K for every other.</summary>
    /// <param name="labels">One class per row, 0 to classes - 1.</param>
    /// <param name="classes">K.</param>
    /// <param name="smoothing">0 to 1.</param>
    public static Tensor Targets(ReadOnlySpan<int> labels, int classes, double smoothing)
    {
        var targets = new float[labels.Length * classes];
        Array.Fill(targets, (float)(smoothing / classes));
        for (var row = 0; row < labels.Length; row++) targets[(row * classes) + labels[row]] += (float)(1 - smoothing);
        return Tensor.Of(targets, labels.Length, classes);
    }
}

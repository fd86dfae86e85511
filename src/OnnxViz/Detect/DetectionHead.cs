using OnnxViz.Objectives;

namespace OnnxViz.Detect;

/// <summary>What the last tensors of a detector mean.</summary>
/// <param name="Kind">In a few words: "YOLOv8".</param>
/// <param name="Values">Of the model's graph: what has to be known of a picture.</param>
internal abstract record DetectionHead(string Kind, IReadOnlyList<Value> Values)
{
    /// <summary>How many boxes there are before any is dropped.</summary>
    public abstract int Anchors { get; }

    /// <summary>How many scores an anchor has, a background's included; null where only the class that was chosen is told.</summary>
    public abstract int? Classes { get; }

    /// <summary>Whether boxes of one object are many, so that all but the highest have to be dropped.</summary>
    public abstract bool Suppresses { get; }

    /// <summary>Whether it is certain that it is one, and not only a tensor of the same rank.</summary>
    public bool IsSure { get; init; }

    /// <param name="values">The values, of one picture.</param>
    /// <param name="width">Of the model's input.</param>
    /// <param name="height">Of the model's input.</param>
    public abstract Candidates Read(IReadOnlyList<Tensor> values, int width, int height);

    /// <summary>Where the class score of an anchor is found.</summary>
    /// <param name="values">As they were read.</param>
    /// <param name="anchor">Number of the anchor.</param>
    /// <param name="number">Of the class.</param>
    /// <param name="minus">A class whose score at the same anchor is subtracted, if any.</param>
    /// <exception cref="OnnxVizException">There is no score to subtract.</exception>
    public abstract ScoreTarget Target(IReadOnlyList<Tensor> values, int anchor, int number, int? minus);

    /// <summary>A score in a tensor with anchors and classes on the last two axes, whichever comes first.</summary>
    private protected static ScoreTarget Element(Value layer, bool classesLast, int anchor, int number, int? minus) => classesLast
        ? new ScoreTarget(layer, anchor, Reduction.Mean)
        {
            Position = new MapPosition(number),
            Minus = minus is null ? null : anchor,
            MinusPosition = minus is { } other ? new MapPosition(other) : null,
        }
        : new ScoreTarget(layer, number, Reduction.Mean) { Position = new MapPosition(anchor), Minus = minus };
}

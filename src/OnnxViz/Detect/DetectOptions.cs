using OnnxViz.Options;

namespace OnnxViz.Detect;

/// <summary>How the boxes of a picture are chosen from all that a detector gives.</summary>
public sealed record DetectOptions
{
    /// <summary>Of two boxes of one class that overlap by more than this the lower one is dropped (non-maximum suppression).</summary>
    [Option("iou", "Of boxes of one class that overlap by more (intersection over union), only the highest one counts.", Min = 0, Max = 1)]
    public double Iou { get; init; } = 0.45;

    /// <summary>Boxes at most.</summary>
    public int Most { get; init; } = 300;

    /// <summary>Boxes of this class only, each anchor by its score of it; null for each anchor's highest class.</summary>
    public int? Class { get; init; }
}

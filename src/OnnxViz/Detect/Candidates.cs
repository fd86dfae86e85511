namespace OnnxViz.Detect;

/// <summary>All that a head says of one picture.</summary>
/// <param name="Areas">One for each anchor.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Score">From anchor and class to what boxes are ordered by; negative infinity for a class that is none, such as background.</param>
internal sealed record Candidates(IReadOnlyList<BoxArea> Areas, int Classes, Func<int, int, float> Score)
{
    /// <summary>The boxes, highest first: anchor, class and score.</summary>
    /// <param name="options">How they are chosen.</param>
    /// <param name="suppresses">Whether boxes of one class that overlap are one.</param>
    public IReadOnlyList<(int Anchor, int Class, float Score)> Chosen(DetectOptions options, bool suppresses)
    {
        var chosen = new List<(int Anchor, int Class, float Score)>();
        // The order of equal ones is that of the anchors.
        foreach (var one in Enumerable.Range(0, Areas.Count).Select(Best).Where(b => b.Score > float.NegativeInfinity).OrderByDescending(b => b.Score))
        {
            if (chosen.Count == options.Most) break;
            if (!suppresses || !chosen.Exists(c => c.Class == one.Class && Areas[c.Anchor].Iou(Areas[one.Anchor]) > options.Iou)) chosen.Add(one);
        }

        return chosen;

        (int Anchor, int Class, float Score) Best(int anchor)
        {
            if (options.Class is { } given) return (anchor, given, Score(anchor, given));
            var best = (Anchor: anchor, Class: 0, Score: float.NegativeInfinity);
            for (var c = 0; c < Classes; c++)
                if (Score(anchor, c) is var score && score > best.Score) best = (anchor, c, score);
            return best;
        }
    }
}

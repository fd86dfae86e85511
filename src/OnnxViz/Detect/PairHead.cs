using OnnxViz.Objectives;

namespace OnnxViz.Detect;

/// <summary>
/// Boxes [1, anchors, 4] and scores [1, anchors, classes] or [1, classes, anchors] as two tensors (SSD, DETR, RT-DETR, YOLO-NAS), or what a
/// NonMaxSuppression is given.
/// </summary>
/// <param name="Kind">In a few words.</param>
/// <param name="Boxes">The one tensor.</param>
/// <param name="Scores">The other.</param>
/// <param name="Count">Of anchors.</param>
/// <param name="ScoreCount">How many scores an anchor has.</param>
/// <param name="ClassesLast">Whether an anchor's scores lie beside each other.</param>
/// <param name="Form">Of the boxes.</param>
/// <param name="IsSet">Whether each object has one box (DETR).</param>
internal sealed record PairHead(string Kind, Value Boxes, Value Scores, int Count, int ScoreCount, bool ClassesLast, BoxForm Form, bool IsSet)
    : DetectionHead(Kind, [Boxes, Scores])
{
    /// <summary>Rows of probabilities add up to 1 within this.</summary>
    private const float Rounding = 1e-2f;

    /// <summary>Names of the classes, which may tell whether one score is that of the background.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whether there may be a background; a NonMaxSuppression is given classes only.</summary>
    public bool MayHaveBackground { get; init; } = true;

    public override int Anchors => Count;

    public override int? Classes => ScoreCount;

    public override bool Suppresses => !IsSet;

    /// <summary>The background's score where the names leave it out: SSD has it first, DETR ("no object") last.</summary>
    public int? Unnamed => MayHaveBackground && ScoreCount > 1 && Labels?.Count == ScoreCount - 1 ? IsSet ? ScoreCount - 1 : 0 : null;

    public override Candidates Read(IReadOnlyList<Tensor> values, int width, int height)
    {
        var (boxes, scores) = (values[0].ToFloats(), values[1].ToFloats());
        var rows = Enumerable.Range(0, Count).Select(a => Enumerable.Range(0, ScoreCount).Select(c => scores[ClassesLast ? (a * ScoreCount) + c : (c * Count) + a]).ToArray()).ToList();
        var areLogits = rows.Exists(r => Array.Exists(r, s => s is < -Rounding or > 1 + Rounding));
        var background = MayHaveBackground ? Background(rows, areLogits) : null;
        if (areLogits) rows = rows.ConvertAll(r => background is null ? Array.ConvertAll(r, Sigmoid) : Softmax(r));
        return new Candidates(
            Form.Areas(Count, (a, i) => boxes[(a * 4) + i], width, height), ScoreCount,
            (anchor, number) => number == background ? float.NegativeInfinity : rows[anchor][number]);
    }

    public override ScoreTarget Target(IReadOnlyList<Tensor> values, int anchor, int number, int? minus) => Element(Scores, ClassesLast, anchor, number, minus);

    /// <summary>Which score is that of the background.</summary>
    private int? Background(List<float[]> rows, bool areLogits)
    {
        if (ScoreCount < 2) return null;
        if (Unnamed is { } unnamed) return unnamed;
        var last = ScoreCount - 1;
        if (Labels is { } labels && labels.Count == ScoreCount) return labels.ToList().FindIndex(IsBackground) is >= 0 and var named ? named : null;
        var ofFirst = rows.Count(r => r[0] == r.Max());
        var ofLast = rows.Count(r => r[last] == r.Max());
        var usual = ofLast > ofFirst ? last : 0;
        if (!areLogits) return rows.TrueForAll(r => Math.Abs(r.Sum() - 1) < Rounding) ? usual : null;
        // Scores that stand for themselves are below zero nearly everywhere; a background's is above, nearly everywhere.
        return 2 * Math.Max(ofFirst, ofLast) > rows.Count && rows.Average(r => r[usual]) > 0 ? usual : null;
    }

    private static bool IsBackground(string label) => label.Trim(' ', '_').ToUpperInvariant() is "BACKGROUND" or "BG" or "N/A" or "NO OBJECT" or "NO_OBJECT";

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static float[] Softmax(float[] row)
    {
        var highest = row.Max();
        var exponentials = Array.ConvertAll(row, s => Math.Exp(s - highest));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, e => (float)(e / sum));
    }
}

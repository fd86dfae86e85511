using OnnxViz.Objectives;

namespace OnnxViz.Detect;

/// <summary>
/// Boxes that the network has chosen itself, each with its score and class: [1, boxes, 6] (YOLOv10 and other end-to-end heads), or as tensors of their own
/// (TensorFlow's detection_boxes, detection_scores, detection_classes; RT-DETR's labels, boxes, scores). What was chosen by a TopK is looked for in front of it,
/// where it stays in its place whatever becomes of the others.
/// </summary>
/// <param name="Kind">In a few words.</param>
/// <param name="Boxes">[1, K, 4], or [1, K, 6] which holds all.</param>
/// <param name="Scores">[1, K], or the same.</param>
/// <param name="Numbers">Of the classes, [1, K], or the same.</param>
/// <param name="Count">K.</param>
/// <param name="Form">Of the boxes.</param>
/// <param name="Source">What was chosen from, [1, anchors, classes] or [1, classes, anchors]; null where it is not found.</param>
/// <param name="ClassesLast">Which of the two.</param>
internal sealed record ChosenHead(string Kind, Value Boxes, Value Scores, Value Numbers, int Count, BoxForm Form, Value? Source, bool ClassesLast)
    : DetectionHead(Kind, [.. new[] { Boxes, Scores, Numbers, Source }.OfType<Value>().Distinct()])
{
    private const int ScoreColumn = 4, ClassColumn = 5;

    public override int Anchors => Count;

    public override int? Classes => null;

    public override bool Suppresses => false;

    public override Candidates Read(IReadOnlyList<Tensor> values, int width, int height)
    {
        var boxes = Of(values, Boxes);
        var length = boxes.Length / Count;
        var classes = Enumerable.Range(0, Count).Select(k => ClassOf(values, k)).ToList();
        return new Candidates(
            Form.Areas(Count, (k, i) => boxes[(k * length) + i], width, height), Math.Max(1, classes.Max() + 1),
            (k, number) => classes[k] == number ? ScoreOf(values, k) : float.NegativeInfinity);
    }

    public override ScoreTarget Target(IReadOnlyList<Tensor> values, int anchor, int number, int? minus)
    {
        if (Source is not null && Place(values, anchor, number) is { } at) return Element(Source, ClassesLast, at, number, minus);
        if (minus is not null) throw OnnxVizException.Input($"'{Scores.Name}' holds one score for each box: there is no other class to subtract.");
        return IsOne ? Element(Boxes, true, anchor, ScoreColumn, null) : new ScoreTarget(Scores, anchor, Reduction.Mean);
    }

    private bool IsOne => Scores == Boxes;

    private float ScoreOf(IReadOnlyList<Tensor> values, int k) => Of(values, Scores) is var all && IsOne ? all[(k * all.Length / Count) + ScoreColumn] : all[k];

    private int ClassOf(IReadOnlyList<Tensor> values, int k) => (int)MathF.Round(Of(values, Numbers) is var all && Numbers == Boxes ? all[(k * all.Length / Count) + ClassColumn] : all[k]);

    /// <summary>The anchor that has the very score of a class. Of equal ones a TopK takes the first first.</summary>
    private int? Place(IReadOnlyList<Tensor> values, int k, int number)
    {
        var source = values[Values.ToList().IndexOf(Source!)];
        var (anchors, classes) = ClassesLast ? ((int)source.Dims[1], (int)source.Dims[2]) : ((int)source.Dims[2], (int)source.Dims[1]);
        if (number < 0 || number >= classes) return null;
        var scores = source.ToFloats();
        var score = ScoreOf(values, k);
        var equal = Enumerable.Range(0, anchors).Where(a => scores[ClassesLast ? (a * classes) + number : (number * anchors) + a] == score).ToList();
        var before = Enumerable.Range(0, k).Count(other => ScoreOf(values, other) == score && ClassOf(values, other) == number);
        return before < equal.Count ? equal[before] : null;
    }

    private float[] Of(IReadOnlyList<Tensor> values, Value value) => values[Values.ToList().IndexOf(value)].ToFloats();
}

using OnnxViz.Objectives;

namespace OnnxViz.Detect;

/// <summary>
/// Boxes and scores of an anchor in one row of one tensor, [1, anchors, numbers] or [1, numbers, anchors]: the box as middle, width and height, perhaps
/// an objectness, the scores of the classes, and what else there may be (YOLOv5 to v9, v11, v12, YOLOX; RT-DETR by Ultralytics).
/// </summary>
/// <param name="Kind">In a few words.</param>
/// <param name="Output">The tensor.</param>
/// <param name="IsRows">Whether an anchor's numbers lie beside each other.</param>
/// <param name="Count">Of anchors.</param>
/// <param name="HasObjectness">Whether the fifth number is how sure it is that there is anything.</param>
/// <param name="Scores">How many scores of classes there are.</param>
/// <param name="IsSet">Whether each object has one box (DETR).</param>
internal sealed record RowsHead(string Kind, Value Output, bool IsRows, int Count, bool HasObjectness, int Scores, bool IsSet) : DetectionHead(Kind, [Output])
{
    public override int Anchors => Count;

    public override int? Classes => Scores;

    public override bool Suppresses => !IsSet;

    private int First => HasObjectness ? 5 : 4;

    public override Candidates Read(IReadOnlyList<Tensor> values, int width, int height)
    {
        var numbers = values[0].ToFloats();
        var length = numbers.Length / Count;
        return new Candidates(
            BoxForm.Center.Areas(Count, Number, width, height), Scores,
            (anchor, number) => HasObjectness ? Number(anchor, 4) * Number(anchor, First + number) : Number(anchor, First + number));

        float Number(int anchor, int i) => numbers[IsRows ? (anchor * length) + i : (i * Count) + anchor];
    }

    public override ScoreTarget Target(IReadOnlyList<Tensor> values, int anchor, int number, int? minus) =>
        Element(Output, IsRows, anchor, First + number, minus is { } other ? First + other : null);
}

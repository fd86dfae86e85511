using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;

namespace OnnxViz.Tests.Detect;

/// <summary>
/// Detectors of 32x32 pictures whose boxes and scores are known: the score of class c at anchor a is a number of its own plus a weight of its own times one
/// pixel, number a * classes + c of the first channel. So the gradient of a score says which one it is of.
/// </summary>
internal sealed record ToyDetector(string Layout)
{
    public const int Side = 32, Classes = 3;

    /// <summary>Corners of the anchors that count; the first two are of one object (IoU 0.78). Those behind them are a pixel each.</summary>
    private static readonly float[][] Corners = [[2, 2, 10, 10], [3, 2, 11, 10], [16, 16, 30, 28], [20, 4, 28, 12]];

    private static readonly float[][] Scores = [[0.1f, 0.8f, 0.05f], [0.2f, 0.7f, 0.1f], [0.6f, 0.1f, 0.2f], [0.05f, 0.1f, 0.5f]];

    /// <summary>As many as a YOLO of this size has: three for each cell of its maps, or one.</summary>
    public int Anchors => Layout switch { "yolov5" => 63, "rt-detr rows" => 20, _ => 21 };

    /// <summary>What a score is multiplied with before the network gives it.</summary>
    public float Scale => Layout is "detr" or "rt-detr" ? 10 : 1;

    /// <summary>The slope of a score.</summary>
    public static float Weight(int anchor, int number) => (1 + (anchor * Classes) + number) / 64f;

    public static int Pixel(int anchor, int number) => (anchor * Classes) + number;

    public static Tensor Black { get; } = Tensor.Of(new float[3 * Side * Side], 1, 3, Side, Side);

    /// <param name="folder">Where its file goes.</param>
    /// <param name="names">Of its classes, as Ultralytics writes them; null for none.</param>
    /// <returns>The file.</returns>
    public string Save(TemporaryFolder folder, string? names = null)
    {
        var b = new GraphBuilder();
        Emit(b, b.Input("images", ElementType.Float, 1, 3, Side, Side));
        var path = folder[$"{Layout}.onnx"];
        OnnxFile.Save(b.Build(), path, names is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["names"] = names, ["stride"] = "32", ["task"] = "detect" });
        return path;
    }

    public VisionModel Open(TemporaryFolder folder, string? names = null) => VisionModel.Load(Save(folder, names), ModelCatalog.Open());

    private void Emit(GraphBuilder b, Value image)
    {
        var count = Anchors * Classes;
        var pixels = b.Slice(b.Reshape(image, 1, -1), [0], [count], [1]);
        var scores = b.Add(b.Mul(pixels, b.Constant(Tensor.Of([.. Each(Weight)], 1, count))), b.Constant(Tensor.Of([.. Each((a, c) => a < Scores.Length ? Scores[a][c] : 0.01f)], 1, count)));
        scores = b.Reshape(scores, 1, Anchors, Classes);
        // Boxes depend on the picture, too.
        var nothing = b.Mul(b.Slice(b.Reshape(image, 1, -1), [0], [1], [1]), b.Scalar(0));
        switch (Layout)
        {
            case "yolov8":
                b.Output("output0", b.Transpose(b.Concat(2, Boxes(Centered), scores), 0, 2, 1));
                break;
            case "yolov8 with masks":
                b.Output("output0", b.Transpose(b.Concat(2, Boxes(Centered), scores, b.Add(nothing3(), b.Constant(Tensor.Of(new float[Anchors * 2], 1, Anchors, 2)))), 0, 2, 1));
                b.Output("output1", b.Add(nothing, b.Constant(Tensor.Of(new float[2 * 64], 1, 2, 8, 8))));
                break;
            case "yolov8 with poses":
                b.Output("output0", b.Transpose(b.Concat(2, Boxes(Centered), scores, b.Add(nothing3(), b.Constant(Tensor.Of([.. Enumerable.Repeat(0.9f, Anchors * 6)], 1, Anchors, 6)))), 0, 2, 1));
                break;
            case "yolox":
                b.Output("output", b.Concat(2, Boxes(Centered), b.Add(nothing3(), b.Constant(Tensor.Of([.. Enumerable.Repeat(1f, Anchors)], 1, Anchors, 1))), scores));
                break;
            case "rt-detr rows":
                b.Output("output0", b.Concat(2, Boxes(c => [.. Centered(c).Select(v => v / Side)]), scores));
                break;
            case "yolov5":
                b.Output("output", b.Concat(2, Boxes(Centered), b.Add(nothing3(), b.Constant(Tensor.Of([.. Enumerable.Range(0, Anchors).Select(a => a == 0 ? 0.5f : 1)], 1, Anchors, 1))), scores));
                break;
            case "yolov10":
                Chosen(b, scores, Boxes(c => c), (boxes, values, classes) => b.Output("output0", b.Concat(2, boxes, b.Unsqueeze(values, 2), b.Unsqueeze(b.Cast(classes, ElementType.Float), 2))));
                break;
            case "tensorflow":
                Chosen(b, scores, Boxes(c => [c[1] / Side, c[0] / Side, c[3] / Side, c[2] / Side]), (boxes, values, classes) =>
                {
                    b.Output("detection_boxes", boxes);
                    b.Output("detection_classes", b.Cast(classes, ElementType.Float));
                    b.Output("detection_scores", values);
                });
                break;
            case "ssd":
                b.Output("scores", b.Add(scores, b.Scalar(0)));
                b.Output("boxes", Boxes(c => [.. c.Select(v => v / Side)]));
                break;
            case "ssd with background":
                b.Output("boxes", Boxes(c => [.. c.Select(v => v / Side)]));
                b.Output("scores", b.Concat(2, b.Sub(b.Scalar(1), b.ReduceSum(scores, [2])), scores));
                break;
            case "detr":
                b.Output("logits", b.Concat(2, b.Mul(scores, b.Scalar(Scale)), b.Add(nothing3(), b.Constant(Tensor.Of([.. Enumerable.Repeat(4.5f, Anchors)], 1, Anchors, 1)))));
                b.Output("pred_boxes", Boxes(c => [.. Centered(c).Select(v => v / Side)]));
                break;
            case "rt-detr":
                b.Output("logits", b.Sub(b.Mul(scores, b.Scalar(Scale)), b.Scalar(5)));
                b.Output("pred_boxes", Boxes(c => [.. Centered(c).Select(v => v / Side)]));
                break;
            case "suppressed":
                var last = b.Node("NonMaxSuppression", [Boxes(c => [c[1], c[0], c[3], c[2]]), b.Transpose(scores, 0, 2, 1), b.Longs(10), b.Constant(Tensor.Of([0.45f], 1)), b.Constant(Tensor.Of([0.3f], 1))])[0];
                b.Output("selected", last);
                break;
            default:
                throw new ArgumentOutOfRangeException(Layout);
        }

        Value nothing3() => b.Reshape(nothing, 1, 1, 1);

        Value Boxes(Func<float[], float[]> form) => b.Add(
            b.Constant(Tensor.Of([.. Enumerable.Range(0, Anchors).SelectMany(a => form(a < Corners.Length ? Corners[a] : [(a % 30) + 0f, 30 + (a / 32f), (a % 30) + 0.5f, 30.5f + (a / 32f)]))], 1, Anchors, 4)), nothing3());
    }

    /// <summary>The five highest of all scores, as YOLOv10 has them: first the anchors by their highest score, then the scores of these.</summary>
    private static void Chosen(GraphBuilder b, Value scores, Value boxes, Action<Value, Value, Value> output)
    {
        var best = b.Node("TopK", [b.ReduceMax(scores, [2], keep: false), b.Longs(5)], new Dictionary<string, object> { ["axis"] = 1L }, outputs: 2)[1];
        var kept = b.Emit("GatherElements", [scores, b.Emit("Expand", [b.Unsqueeze(best, 2), b.Longs(1, 5, Classes)])], ("axis", 1L));
        var keptBoxes = b.Emit("GatherElements", [boxes, b.Emit("Expand", [b.Unsqueeze(best, 2), b.Longs(1, 5, 4)])], ("axis", 1L));
        var top = b.Node("TopK", [b.Reshape(kept, 1, -1), b.Longs(5)], new Dictionary<string, object> { ["axis"] = 1L }, outputs: 2);
        var classes = b.Emit("Mod", [top[1], b.Longs(Classes)]);
        var anchors = b.Div(top[1], b.Longs(Classes));
        output(b.Emit("GatherElements", [keptBoxes, b.Emit("Expand", [b.Unsqueeze(anchors, 2), b.Longs(1, 5, 4)])], ("axis", 1L)), top[0], classes);
    }

    private static float[] Centered(float[] c) => [(c[0] + c[2]) / 2, (c[1] + c[3]) / 2, c[2] - c[0], c[3] - c[1]];

    private IEnumerable<float> Each(Func<int, int, float> number) => Enumerable.Range(0, Anchors).SelectMany(a => Enumerable.Range(0, Classes).Select(c => number(a, c)));
}

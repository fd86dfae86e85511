namespace OnnxViz.Detect;

/// <summary>Recognises a detector by the shapes and names of its outputs.</summary>
/// <param name="model">The network.</param>
/// <param name="inputDims">Of one picture.</param>
internal sealed class HeadSearch(VisionModel model, long[] inputDims)
{
    /// <summary>Pixels from cell to cell of the maps that YOLO's heads are made of.</summary>
    private static readonly int[][] Strides = [[8, 16, 32], [8, 16, 32, 64], [16, 32], [4, 8, 16, 32]];

    /// <summary>A DETR has so many boxes at most.</summary>
    private const int LargestSet = 1000;

    private readonly IReadOnlyDictionary<Value, Value> _map = ShapedModels.Layers(model, inputDims);

    public DetectionHead? Find() => Rows6() ?? Listed() ?? Suppressed() ?? Pair() ?? (DetectionHead?)Rows();

    private long[]? Dims(Value value) => _map.GetValueOrDefault(value)?.Dims ?? value.Dims;

    private static bool IsFloat(Value value) => value.Type.IsFloating() || value.Type == ElementType.Undefined;

    /// <summary>What a NonMaxSuppression is given.</summary>
    private DetectionHead? Suppressed()
    {
        foreach (var node in model.Graph.Nodes.Where(n => n is { OpType: "NonMaxSuppression", Domain: "" }))
        {
            if (node.Input(0) is not { Producer: not null } boxes || node.Input(1) is not { Producer: not null } scores) continue;
            if (Dims(boxes) is not [1, > 0 and var count, 4] || Dims(scores) is not [1, > 0 and var classes, _] || Dims(scores)![2] != count) continue;
            // One score for each box is its highest: whose it is, the network tells elsewhere.
            if (classes == 1 && model.Labels is { Count: > 1 }) continue;
            return new PairHead(
                "the boxes in front of NonMaxSuppression", boxes, scores, (int)count, (int)classes, ClassesLast: false,
                node.Int("center_point_box", 0) == 1 ? BoxForm.Center : BoxForm.CornersYFirst, IsSet: false) { MayHaveBackground = false, IsSure = true };
        }

        return null;
    }

    /// <summary>[1, K, 6]: corners, score, class.</summary>
    private DetectionHead? Rows6()
    {
        foreach (var output in model.Graph.Outputs.Where(o => o.Producer is not null && IsFloat(o)))
        {
            if (Dims(output) is not [1, > 0 and var count, 6 or 38] || !Selection.IsBehind(output)) continue;
            var (source, last) = SourceOf(output);
            return new ChosenHead("an end-to-end head", output, output, output, (int)count, BoxForm.Corners, source, last) { IsSure = true };
        }

        return null;
    }

    /// <summary>Boxes [1, K, 4] with a score and the number of a class for each.</summary>
    private DetectionHead? Listed()
    {
        var outputs = model.Graph.Outputs.FindAll(o => o.Producer is not null);
        foreach (var boxes in outputs.Where(o => IsFloat(o) && Dims(o) is [1, > 0, 4]))
        {
            var count = Dims(boxes)![1];
            var lists = outputs.FindAll(o => Dims(o) is [1, var k] && k == count);
            var numbers = lists.Find(o => Has(o, "class", "label")) ?? lists.Find(o => !IsFloat(o));
            var scores = lists.Find(o => o != numbers && IsFloat(o) && Has(o, "score", "conf", "prob")) ?? lists.Find(o => o != numbers && IsFloat(o));
            if (numbers is null || scores is null) continue;
            var (source, last) = SourceOf(scores);
            return new ChosenHead("boxes that the network has chosen", boxes, scores, numbers, (int)count, FormOf(boxes), source, last) { IsSure = true };
        }

        return null;
    }

    /// <summary>Boxes [1, N, 4] and scores [1, N, C].</summary>
    private DetectionHead? Pair()
    {
        var outputs = model.Graph.Outputs.FindAll(o => o.Producer is not null && IsFloat(o));
        foreach (var boxes in outputs.Where(o => Dims(o) is [1, > 0, 4] or [1, > 0, 1, 4]).OrderByDescending(o => Has(o, "box", "loc", "bbox", "raw_detection_boxes")))
        {
            var count = (int)Dims(boxes)![1];
            var scores = outputs.FindAll(o => o != boxes && Dims(o) is [1, > 0, > 0] d && (d[1] == count || d[2] == count))
                .OrderByDescending(o => Has(o, "score", "logit", "conf", "prob", "cls", "class")).FirstOrDefault();
            if (scores is null) continue;
            var last = Dims(scores)![1] == count;
            var isSet = Has(boxes, "pred_boxes") || Has(scores, "logits") || (count <= LargestSet && FormOf(boxes) == BoxForm.Center);
            var kind = isSet ? "a DETR head" : "an SSD head";
            return new PairHead(kind, boxes, scores, count, (int)Dims(scores)![last ? 2 : 1], last, isSet ? BoxForm.Center : FormOf(boxes), isSet) { Labels = model.Labels, IsSure = true };
        }

        return null;
    }

    /// <summary>[1, numbers, anchors] or [1, anchors, numbers].</summary>
    private RowsHead? Rows()
    {
        foreach (var output in model.Graph.Outputs.Where(o => o.Producer is not null && IsFloat(o)))
        {
            if (Dims(output) is not [1, > 0 and var a, > 0 and var b]) continue;
            var masks = model.Graph.Outputs.Where(o => o != output).Select(Dims).Where(d => d is [1, > 0, > 1, > 1]).Select(d => (int)d![1]).FirstOrDefault();
            if (Rows(output, (int)a, (int)b, masks) is { } head) return head;
        }

        return null;
    }

    private RowsHead? Rows(Value output, int a, int b, int masks)
    {
        var layout = InputLayout.Of(model.Conventions.Axes, inputDims);
        var cells = Strides.Select(s => s.Sum(stride => layout.Height / stride * (layout.Width / stride))).ToHashSet();
        var named = model.Labels?.Count;
        var (first, last) = (a - masks, b - masks);
        if (first == 4 + named || (named is null && cells.Contains(b) && first > 4)) return New("YOLOv8", isRows: false, b, hasObjectness: false, first - 4);
        if (last == 5 + named || (named is null && last > 5 && cells.Any(c => a == 3 * c))) return New(cells.Contains(a) ? "YOLOX" : "YOLOv5", isRows: true, a, hasObjectness: true, last - 5);
        if (last == 4 + named) return New(a <= 300 && !cells.Contains(a) ? "RT-DETR" : "YOLOv8", isRows: true, a, hasObjectness: false, last - 4);
        // More numbers than the classes need: what poses and turned boxes have beside them.
        if (named is { } few && cells.Contains(b) && first > 4 + few) return New("YOLOv8", isRows: false, b, hasObjectness: false, few);
        if (cells.Contains(b) && first > 4) return New("YOLOv8", isRows: false, b, hasObjectness: false, first - 4);
        if (last > 5 && cells.Any(c => a == c || a == 3 * c)) return New(cells.Contains(a) ? "YOLOX" : "YOLOv5", isRows: true, a, hasObjectness: true, last - 5);
        // Of other sizes the longer axis is that of the anchors.
        if (b > a && first > 4) return New("YOLOv8", isRows: false, b, hasObjectness: false, first - 4) with { IsSure = false };
        if (a == 300 && last > 4) return New("RT-DETR", isRows: true, a, hasObjectness: false, last - 4) with { IsSure = false };
        return a > b && last > 5 ? New("YOLOv5", isRows: true, a, hasObjectness: true, last - 5) with { IsSure = false } : null;

        RowsHead New(string kind, bool isRows, int count, bool hasObjectness, int classes) =>
            new($"a head like {kind}'s", output, isRows, count, hasObjectness, classes, kind == "RT-DETR") { IsSure = true };
    }

    private (Value? Source, bool ClassesLast) SourceOf(Value scores)
    {
        if (Selection.Source(scores, Dims) is not { } source) return (null, true);
        var dims = Dims(source)!;
        return (source, model.Labels is not { } labels || dims[2] == labels.Count || dims[1] != labels.Count);
    }

    /// <summary>TensorFlow's detectors have y first.</summary>
    private static BoxForm FormOf(Value boxes) => Has(boxes, "detection_boxes") ? BoxForm.CornersYFirst : Has(boxes, "pred_boxes", "cxcywh") ? BoxForm.Center : BoxForm.Unknown;

    private static bool Has(Value value, params string[] words) => Array.Exists(words, w => value.Name.Contains(w, StringComparison.OrdinalIgnoreCase));
}

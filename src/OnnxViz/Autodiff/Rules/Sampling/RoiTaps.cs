namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>Which elements the bins of regions read along one axis and how much of each, as ONNX Runtime does (roialign.cc).</summary>
internal sealed class RoiTaps
{
    private readonly GradientContext _g;
    private readonly Value _elements;
    private readonly Value _point;
    private readonly Value _share;

    private RoiTaps(GradientContext g, int axis)
    {
        _g = g;
        var bins = g.Node.Int(axis == 0 ? "output_height" : "output_width", 1);
        var isHalfPixel = g.Node.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel";
        var (start, end) = (Edge(1 - axis), Edge(3 - axis));
        var length = g.Sub(end, start);
        if (!isHalfPixel) length = g.Max(length, g.Scalar(1));
        var bin = g.Div(length, g.Scalar(bins));
        var ratio = g.Node.Int("sampling_ratio", 0);
        if (ratio is < 0 or > 64) throw OnnxVizException.Input($"{g.Node} has a sampling_ratio of {ratio}.");
        // Without a ratio each region has as many points as elements; those with fewer than the most leave the rest out.
        var points = ratio > 0 ? null : g.Emit("Ceil", [bin]);
        var most = ratio > 0 ? g.Longs(ratio) : g.Cast(g.Emit("ReduceMax", [g.Concat(0, g.Reshape(points!, -1), g.Builder.Constant(Tensor.Of([1f], 1)))]), ElementType.Int64);
        var number = g.Cast(g.Count(g.Reshape(most, 1)), ElementType.Float);
        var count = points is null ? g.Scalar(ratio) : g.Max(points, g.Scalar(1));
        var numbers = g.Builder.Constant(Tensor.Of([.. Enumerable.Range(0, checked((int)bins)).Select(i => (float)i)], bins, 1));
        // [R, bins, points]
        var at = g.Add(g.Add(start, g.Mul(numbers, bin)), g.Div(g.Mul(g.Add(number, g.Scalar(0.5f)), bin), count));
        _elements = g.Cast(g.Size(g.X(), axis + 2), ElementType.Float);
        var inside = g.And(g.GreaterOrEqual(at, g.Scalar(-1)), g.LessOrEqual(at, _elements));
        if (points is not null) inside = g.And(inside, g.Less(number, points));
        _point = g.Min(g.Max(at, g.Scalar(0)), g.Sub(_elements, g.Scalar(1)));
        _share = g.Div(g.Cast(inside, ElementType.Float), count);
        (Places, Weights) = Pairs(g.Cast(inside, ElementType.Float));

        // [R, 1, 1]
        Value Edge(int column)
        {
            var scaled = g.Mul(g.Slice(g.X(1), [column], [column + 1], [1]), g.Node.Float("spatial_scale", 1));
            return g.Unsqueeze(isHalfPixel ? g.Sub(scaled, g.Scalar(0.5f)) : scaled, 2);
        }
    }

    /// <summary>The two elements of each point, [R, bins, 2 points], int64.</summary>
    public Value Places { get; }

    /// <summary>How much of each is read; nothing where the point lies outside.</summary>
    public Value Weights { get; }

    public static RoiTaps Along(GradientContext g, int axis) => new(g, axis);

    /// <summary>The mean over the points of each bin, [R, bins, size].</summary>
    public Value Matrix()
    {
        var elements = _g.Cast(_g.Count(_g.Cast(_g.Reshape(_elements, 1), ElementType.Int64)), ElementType.Float);
        var near = _g.Relu(_g.Sub(_g.Scalar(1), _g.Abs(_g.Sub(_g.Unsqueeze(_point, 3), elements))));
        return _g.ReduceSum(_g.Mul(near, _g.Unsqueeze(_share, 3)), [2], keep: false);
    }

    private (Value Places, Value Weights) Pairs(Value inside)
    {
        var low = _g.Floor(_point);
        var rest = _g.Sub(_point, low);
        var high = _g.Min(_g.Add(low, _g.Scalar(1)), _g.Sub(_elements, _g.Scalar(1)));
        return (
            _g.Cast(_g.Concat(2, low, high), ElementType.Int64),
            _g.Concat(2, _g.Mul(inside, _g.Sub(_g.Scalar(1), rest)), _g.Mul(inside, rest)));
    }
}

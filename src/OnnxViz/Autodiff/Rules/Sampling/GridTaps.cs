namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// Which elements GridSample reads and how much of each. As in ONNX Runtime (grid_sample.cc) it is the elements that are
/// clamped or reflected at the border, not the point between them; but for rounding this is what PyTorch does too.
/// </summary>
internal sealed class GridTaps
{
    private readonly GradientContext _g;
    private readonly int _axis;
    private readonly bool _aligned;
    private readonly Value _size;

    private GridTaps(GradientContext g, int axis) =>
        (_g, _axis, _aligned, _size) = (g, axis, g.Node.Int("align_corners", 0) != 0, g.Cast(g.Size(g.X(), axis), ElementType.Float));

    /// <summary>The taps of every spatial axis.</summary>
    public static GridTap[][] Of(GradientContext g) =>
        [.. Enumerable.Range(2, g.X().Rank - 2).Select(axis => new GridTaps(g, axis).Taps())];

    private GridTap[] Taps()
    {
        var last = (long)(_g.X().Rank - 1 - _axis);
        var grid = _g.Slice(_g.X(1), [last], [last + 1], [_g.X(1).Rank - 1]);
        var normal = _g.Add(_g.Reshape(grid, _g.Join(_g.Size(_g.X(1), 0), _g.Longs(-1))), _g.Scalar(1));
        var half = _g.Mul(_aligned ? Last() : _size, 0.5f);
        var point = _aligned ? _g.Mul(normal, half) : Less(_g.Mul(normal, half), 0.5f);
        var mode = _g.Node.Text("mode", "linear");
        if (mode == "nearest") return [Tap(_g.Emit("Round", [point]), _g.Builder.Constant(Tensor.Of([1f], 1, 1)), null)];
        var below = _g.Floor(point);
        var t = _g.Sub(point, below);
        (float Offset, Value Weight, Value Slope)[] taps = mode switch
        {
            "linear" or "bilinear" => [(0, _g.Sub(_g.Scalar(1), t), _g.Scalar(-1)), (1, t, _g.Scalar(1))],
            "cubic" or "bicubic" => [Cubic(t, -1), Cubic(t, 0), Cubic(t, 1), Cubic(t, 2)],
            _ => throw OnnxVizException.Input($"{_g.Node} samples in mode '{mode}', which has no gradient."),
        };
        return [.. taps.Select(tap => Tap(_g.Add(below, _g.Scalar(tap.Offset)), tap.Weight, _g.Mul(tap.Slope, half)))];
    }

    /// <summary>Keys 1981 with a = -0.75, at the distance |t - offset| in 0..2, and its derivative with respect to t.</summary>
    private (float, Value, Value) Cubic(Value t, float offset)
    {
        const float a = -0.75f;
        var d = offset <= 0 ? Less(t, offset) : _g.Sub(_g.Scalar(offset), t);
        var sign = offset <= 0 ? 1 : -1;
        var isNear = offset is 0 or 1;
        var (c3, c2, c1, c0) = isNear ? (a + 2, -(a + 3), 0f, 1f) : (a, -5 * a, 8 * a, -4 * a);
        var weight = Plus(_g.Mul(Plus(_g.Mul(Plus(_g.Mul(d, c3), c2), d), c1), d), c0);
        var slope = _g.Mul(Plus(_g.Mul(Plus(_g.Mul(d, 3 * c3), 2 * c2), d), c1), sign);
        return (offset, weight, slope);
    }

    private GridTap Tap(Value index, Value weight, Value? slope)
    {
        var within = _g.Max(_g.Min(Reflected(index), Last()), _g.Scalar(0));
        if (_g.Node.Text("padding_mode", "zeros") == "zeros")
        {
            var inside = _g.Cast(_g.Equal(index, within), ElementType.Float);
            (weight, slope) = (_g.Mul(inside, weight), slope is null ? null : _g.Mul(inside, slope));
        }

        var stride = _g.Product([.. Enumerable.Range(_axis + 1, _g.X().Rank - _axis - 1).Select(i => _g.Size(_g.X(), i))]);
        return new GridTap(_g.Mul(_g.Cast(within, ElementType.Int64), stride), weight, slope);
    }

    /// <summary>Mirrored at the middle of the outermost elements (align_corners), or else at their outer edges, again and again.</summary>
    private Value Reflected(Value index)
    {
        switch (_g.Node.Text("padding_mode", "zeros"))
        {
            case "zeros" or "border":
                return index;
            case "reflection":
                var (edge, range) = _aligned ? (0f, Last()) : (-0.5f, _size);
                var period = _g.Max(_g.Mul(range, 2), _g.Scalar(1));
                var along = _g.Emit("Mod", [_g.Abs(Less(index, edge)), period], ("fmod", 1L));
                return Plus(_g.Sub(range, _g.Abs(_g.Sub(along, range))), edge);
            case var padding:
                throw OnnxVizException.Input($"{_g.Node} pads in mode '{padding}', which has no gradient.");
        }
    }

    private Value Last() => Less(_size, 1);

    private Value Less(Value value, float number) => Plus(value, -number);

    private Value Plus(Value value, float number) => number == 0 ? value : _g.Add(value, _g.Scalar(number));
}

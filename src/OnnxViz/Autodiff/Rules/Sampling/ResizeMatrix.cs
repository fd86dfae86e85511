using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// What Resize does along one axis: A [output size, input size], computed in float32 from the sizes as the specification
/// has it and, where they differ, as ONNX Runtime does (upsamplebase.h, upsample_antialias.h). It is a constant where the
/// sizes are known.
/// </summary>
/// <param name="g">The Resize node.</param>
/// <param name="axis">The axis.</param>
/// <param name="scale">Its scale, [1].</param>
/// <param name="place">Where the region of interest has its start.</param>
/// <param name="axes">How many starts there are before the ends.</param>
internal sealed class ResizeMatrix(GradientContext g, int axis, Value scale, int place, int axes)
{
    /// <summary>Beyond the border no point lies further than 1 from it, and no filter reaches further than 2.</summary>
    private const long Reach = 3;

    private readonly Value _from = Float(g, g.Size(g.X(), axis));

    private readonly Value _to = Float(g, g.Size(g.Y(), axis));

    private readonly string _coordinates = g.Node.Text("coordinate_transformation_mode", "half_pixel");

    private readonly bool _isAntialiased = g.Node.Int("antialias", 0) != 0;

    public Value Emit()
    {
        var points = g.Unsqueeze(Points(), 1);
        var last = Less(_from, 1);
        var elements = Float(g, g.Count(g.Size(g.X(), axis)));
        var matrix = g.Node.Text("mode", "nearest") == "nearest"
            ? Float(g, g.Equal(g.Max(g.Min(Nearest(points), last), g.Scalar(0)), elements))
            : Filtered(points, elements, last);
        // What lies outside has the extrapolation value, on which the picture has no influence.
        return _coordinates == "tf_crop_and_resize"
            ? g.Mul(matrix, Float(g, g.And(g.GreaterOrEqual(points, g.Scalar(0)), g.LessOrEqual(points, last))))
            : matrix;
    }

    /// <summary>Where in the input every element of the output lies, [output size].</summary>
    private Value Points()
    {
        var i = Float(g, g.Count(g.Size(g.Y(), axis)));
        var steps = g.Max(Less(_to, 1), g.Scalar(1));
        var isSeveral = g.Greater(_to, g.Scalar(1));
        return _coordinates switch
        {
            "half_pixel" => HalfPixel(),
            "pytorch_half_pixel" => g.Where(isSeveral, HalfPixel(), g.Scalar(0)),
            "half_pixel_symmetric" => g.Add(g.Mul(g.Mul(_from, 0.5f), g.Sub(g.Scalar(1), g.Div(_to, g.Mul(scale, _from)))), HalfPixel()),
            "asymmetric" => g.Div(i, scale),
            "align_corners" => g.Div(g.Mul(i, Less(_from, 1)), steps),
            "tf_crop_and_resize" => Cropped(g.At(g.X(1), place), g.At(g.X(1), place + axes)),
            var other => throw OnnxVizException.Input($"{g.Node} resizes with coordinates '{other}', which has no gradient."),
        };

        Value HalfPixel() => Less(g.Div(g.Add(i, g.Scalar(0.5f)), scale), 0.5f);

        Value Cropped(Value start, Value end)
        {
            var last = Less(_from, 1);
            var step = g.Div(g.Mul(g.Mul(i, g.Sub(end, start)), last), steps);
            return g.Where(isSeveral, g.Add(g.Mul(start, last), step), g.Mul(g.Mul(g.Add(start, end), 0.5f), last));
        }
    }

    private Value Nearest(Value points)
    {
        var below = g.Floor(points);
        var rest = g.Sub(points, below);
        return g.Node.Text("nearest_mode", "round_prefer_floor") switch
        {
            "floor" => below,
            "ceil" => g.Emit("Ceil", [points]),
            "round_prefer_floor" => g.Add(below, Float(g, g.Greater(rest, g.Scalar(0.5f)))),
            "round_prefer_ceil" => g.Add(below, Float(g, g.GreaterOrEqual(rest, g.Scalar(0.5f)))),
            var other => throw OnnxVizException.Input($"{g.Node} takes the nearest element by '{other}', which has no gradient."),
        };
    }

    /// <summary>
    /// Each element by the filter at its distance. What the filter gives elements beyond the border goes to the border,
    /// or with exclude_outside to all alike.
    /// </summary>
    private Value Filtered(Value points, Value elements, Value last)
    {
        // An antialiasing filter is stretched over all elements that go into one.
        var stretch = _isAntialiased ? g.Min(scale, g.Scalar(1)) : g.Scalar(1);
        var inside = Filter(elements);
        if (g.Node.Int("exclude_outside", 0) != 0) return g.Div(inside, g.ReduceSum(inside, [1]));
        var reach = _isAntialiased
            ? g.Cast(g.Emit("Ceil", [g.Div(g.Scalar(Reach), stretch)]), ElementType.Int64)
            : g.Longs(Reach);
        var beyond = Float(g, g.Count(reach));
        var before = g.Mul(Outside(g.Sub(beyond, Float(g, reach))), Float(g, g.Equal(elements, g.Scalar(0))));
        var behind = g.Mul(Outside(g.Add(beyond, _from)), Float(g, g.Equal(elements, last)));
        var all = g.Add(g.Add(inside, before), behind);
        return _isAntialiased ? g.Div(all, g.ReduceSum(all, [1])) : all;

        Value Outside(Value places) => g.ReduceSum(Filter(places), [1]);

        Value Filter(Value places)
        {
            var distance = g.Abs(g.Mul(g.Sub(places, points), stretch));
            return g.Node.Text("mode", "nearest") switch
            {
                "linear" => g.Relu(g.Sub(g.Scalar(1), distance)),
                "cubic" => Cubic(distance),
                var other => throw OnnxVizException.Input($"{g.Node} resizes in mode '{other}', which has no gradient."),
            };
        }
    }

    /// <summary>Keys 1981, Cubic Convolution Interpolation, with a free parameter.</summary>
    private Value Cubic(Value d)
    {
        var a = g.Node.Float("cubic_coeff_a", -0.75f);
        var near = g.Add(g.Mul(g.Mul(Less(g.Mul(d, a + 2), a + 3), d), d), g.Scalar(1));
        var far = g.Mul(Less(g.Mul(g.Add(g.Mul(Less(d, 5), d), g.Scalar(8)), d), 4), a);
        return g.Where(g.Less(d, g.Scalar(1)), near, g.Where(g.Less(d, g.Scalar(2)), far, g.Scalar(0)));
    }

    private Value Less(Value value, float number) => g.Sub(value, g.Scalar(number));

    private static Value Float(GradientContext g, Value value) => g.Cast(value, ElementType.Float);
}

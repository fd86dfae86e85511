using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules;

/// <summary>Padding passes on the gradient of what it kept, and that of every copy it made of the picture's own border.</summary>
internal static class PadGradient
{
    public static Value?[] Pad(GradientContext g)
    {
        var mode = g.Node.Text("mode", "constant");
        var rank = g.X().Rank;
        var axes = g.Has(3) ? g.ConstantInput(3).ToLongs() : Shapes.Axes(0, rank);
        var gradient = g.DY;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], rank);
            var (begin, end) = (g.At(g.X(1), i), g.At(g.X(1), i + axes.Length));
            if (IsZero(begin) && IsZero(end)) continue;
            var (cutBegin, cutEnd) = (Negative(g, begin), Negative(g, end));
            // What is left of the picture before it is padded.
            var size = g.Sub(g.Sub(g.Size(g.X(), axis), cutBegin), cutEnd);
            gradient = Unpadded(g, mode, gradient, axis, Positive(g, begin), Positive(g, end), size);
            gradient = g.Pad(gradient, g.Join(cutBegin, cutEnd), [axis]);
        }

        return [gradient];
    }

    /// <summary>
    /// Half of what is too much or missing lies in front (CenterCropPad of the specification): the truncating division
    /// gives the crop when the picture was larger, the padding with a minus sign when it was smaller.
    /// </summary>
    public static Value?[] CenterCropPad(GradientContext g)
    {
        var rank = g.X().Rank;
        var axes = g.Node.Ints("axes") ?? Shapes.Axes(0, rank);
        var (before, after) = (new Value[axes.Length], new Value[axes.Length]);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], rank);
            var surplus = g.Sub(g.Size(g.X(), axis), g.Size(g.Y(), axis));
            before[i] = g.Div(surplus, g.Longs(2));
            after[i] = g.Sub(surplus, before[i]);
        }

        return [g.Pad(g.DY, g.Join([.. before, .. after]), axes)];
    }

    /// <summary>The gradient of one axis of [begin + size + end] from before it was padded.</summary>
    public static Value Unpadded(GradientContext g, string mode, Value dy, int axis, Value begin, Value end, Value size)
    {
        var (zero, one, behind) = (g.Longs(0), g.Longs(1), g.Add(begin, size));
        return mode switch
        {
            "constant" => Kept(),
            "reflect" => Folded(
                part => Placed(g.Reverse(part, axis), one, g.Sub(g.Sub(size, one), begin)),
                part => Placed(g.Reverse(part, axis), g.Sub(g.Sub(size, one), end), one)),
            "edge" => Folded(
                part => Placed(g.ReduceSum(part, [axis]), zero, g.Sub(size, one)),
                part => Placed(g.ReduceSum(part, [axis]), g.Sub(size, one), zero)),
            "wrap" => Wrapped(g, dy, axis, begin, end, size),
            _ => throw OnnxVizException.Input($"{g.Node} pads in mode '{mode}', which has no gradient."),
        };

        Value Kept() => g.Slice(dy, begin, behind, [axis]);

        Value Folded(Func<Value, Value> left, Func<Value, Value> right)
        {
            var sum = Kept();
            if (!IsZero(begin)) sum = g.Add(sum, left(g.Slice(dy, zero, begin, [axis])));
            return IsZero(end) ? sum : g.Add(sum, right(g.Slice(dy, behind, g.Add(behind, end), [axis])));
        }

        Value Placed(Value part, Value before, Value after) => g.Pad(part, g.Join(before, after), [axis]);
    }

    /// <summary>The picture was repeated on and on: filled up to whole pictures, these are summed.</summary>
    private static Value Wrapped(GradientContext g, Value dy, int axis, Value begin, Value end, Value size)
    {
        var whole = g.Pad(dy, g.Join(Missing(begin), Missing(end)), [axis]);
        Value[] sizes = [.. Enumerable.Range(0, dy.Rank).Select(i => i == axis ? g.Join(g.Longs(-1), size) : g.Size(dy, i))];
        return g.ReduceSum(g.Reshape(whole, g.Join(sizes)), [axis], keep: false);

        Value Missing(Value pad) => g.Mod(g.Sub(size, g.Mod(pad, size)), size);
    }

    private static bool IsZero(Value number) => number.Constant?.ToLongs()[0] == 0;

    private static Value Positive(GradientContext g, Value number) => g.Max(number, g.Longs(0));

    private static Value Negative(GradientContext g, Value number) => g.Max(g.Neg(number), g.Longs(0));
}

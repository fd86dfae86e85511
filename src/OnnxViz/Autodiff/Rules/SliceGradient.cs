using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules;

/// <summary>What was cut out is put back between zeros: axis by axis reversed, spread, and then padded.</summary>
internal static class SliceGradient
{
    public static Value?[] Slice(GradientContext g)
    {
        var (x, y) = (g.X(), g.Y());
        if (y.Dims!.Contains(0)) return [g.Zeros(x)];
        var count = (int)g.X(1).StaticDims()[0];
        var axes = g.Has(3) ? g.ConstantInput(3).ToLongs() : Shapes.Axes(0, count);
        var steps = g.Has(4) ? g.ConstantInput(4).ToLongs() : [.. axes.Select(_ => 1L)];
        var gradient = g.DY;
        var (before, after) = (new Value[count], new Value[count]);
        for (var i = 0; i < count; i++)
        {
            var axis = Shapes.Axis(axes[i], x.Rank);
            var (size, taken, step) = (g.Size(x, axis), g.Size(y, axis), steps[i]);
            var first = First(g, g.At(g.X(1), i), size, step < 0);
            // A single element is never stepped on from, however far the step would lead.
            if (y.Dims![axis] == 1) step = 1;
            if (step < 0)
            {
                // What a negative step takes backwards is the same set of elements in reverse order.
                gradient = g.Reverse(gradient, axis);
                first = g.Add(first, g.Mul(g.Sub(taken, g.Longs(1)), g.Longs(step)));
                step = -step;
            }

            if (step > 1) (gradient, taken) = (Spread(g, gradient, axis, step), g.Mul(taken, g.Longs(step)));
            (before[i], after[i]) = (first, g.Sub(g.Sub(size, first), taken));
        }

        return [g.Pad(gradient, g.Join([.. before, .. after]), axes)];
    }

    /// <summary>The first element taken: negative starts count from the back, those too large are clamped.</summary>
    private static Value First(GradientContext g, Value start, Value size, bool isBackward)
    {
        var zero = g.Longs(0);
        if (start.Constant?.ToLongs()[0] == 0) return zero;
        var fromBack = g.Add(start, size);
        var counted = start.Constant is { } known
            ? known.ToLongs()[0] < 0 ? fromBack : start
            : g.Where(g.Less(start, zero), fromBack, start);
        return g.Max(g.Min(counted, isBackward ? g.Sub(size, g.Longs(1)) : size), zero);
    }

    /// <summary>Puts step - 1 zeros behind every element of an axis.</summary>
    private static Value Spread(GradientContext g, Value value, int axis, long step)
    {
        var wide = g.Pad(g.Unsqueeze(value, axis + 1), g.Longs(0, step - 1), [axis + 1]);
        var sizes = Enumerable.Range(0, value.Rank).Select(i => i == axis ? g.Mul(g.Size(value, i), g.Longs(step)) : g.Size(value, i));
        return g.Reshape(wide, g.Join([.. sizes]));
    }
}

using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class AveragePoolGradient
{
    /// <summary>Every input of a window gets dY / count, the count being what the forward operator divided by.</summary>
    public static Value?[] AveragePool(GradientContext g)
    {
        var w = new Windows(g, g.Node.Ints("kernel_shape")!);
        if (w.Taps == 1 && w.Tile) return [g.DY];
        var share = g.Div(g.DY, Counts(g, w));
        return [w.Tile && g.Y().Dims![2..].All(o => o == 1) ? g.ExpandLike(share, g.X()) : w.Spread(share)];
    }

    /// <summary>How many elements each window is divided by, to broadcast against [N, C, windows].</summary>
    private static Value Counts(GradientContext g, Windows w)
    {
        var includesPad = g.Node.Int("count_include_pad", 0) != 0;
        if (w.StaysInside && (includesPad || !w.IsPadded)) return g.Scalar(w.Taps);
        return Enumerable.Range(0, w.Rank).Select(Along).Aggregate((a, b) => g.Mul(a, b));

        // Windows may hang over even the padding (ceil_mode); that part never counts.
        Value Along(int axis)
        {
            var (begin, size) = (g.At(w.Begin, axis), g.At(w.Input, axis));
            var first = g.Sub(g.Mul(Count(g.At(w.Output, axis)), g.Longs(w.Strides[axis])), begin);
            var taps = Enumerable.Range(0, (int)w.Kernel[axis]).Select(k => k * w.Dilations[axis]).ToArray();
            var positions = g.Add(g.Unsqueeze(first, 1), g.Longs(taps));
            var (low, high) = includesPad ? (g.Neg(begin), g.Add(size, g.At(w.DeclaredEnd, axis))) : (g.Longs(0), size);
            var counted = g.And(g.GreaterOrEqual(positions, low), g.Less(positions, high));
            var count = g.ReduceSum(g.Cast(counted, ElementType.Float), [1], keep: false);
            return g.Reshape(count, [.. Enumerable.Range(0, w.Rank).Select(i => i == axis ? -1L : 1)]);
        }

        Value Count(Value size) => g.Emit("Range", [g.Squeeze(g.Longs(0), 0), g.Squeeze(size, 0), g.Squeeze(g.Longs(1), 0)]);
    }
}

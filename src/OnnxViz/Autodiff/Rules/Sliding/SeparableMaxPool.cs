namespace OnnxViz.Autodiff.Rules.Sliding;

/// <summary>
/// The gradient of a max pool, one axis after another: the maximum over a window is the maximum
/// over its columns of the maxima over their rows, so that the taps of the axes add up instead of multiplying. The
/// last axis is pooled first; then the first row that has the maximum wins, and in it the first column, which is the
/// first element in row-major order.
/// </summary>
internal sealed class SeparableMaxPool(GradientContext g, Windows w)
{
    /// <summary>Up to this many taps along an axis each has nodes of its own.</summary>
    private const int FewTaps = 8;

    /// <param name="x">The input, padded with minus infinity to what the windows cover.</param>
    /// <returns>The gradient, of the input's own shape.</returns>
    public Value Gradient(Value x)
    {
        // After all axes behind i have been pooled.
        var pooled = new Value[w.Rank + 1];
        (pooled[w.Rank], pooled[0]) = (x, g.Y());
        for (var i = w.Rank - 1; i > 0; i--) pooled[i] = Pool(pooled[i + 1], i, w.Kernel[i]);
        var dy = g.DY;
        for (var i = 0; i < w.Rank; i++) dy = Along(i, pooled[i + 1], pooled[i], dy);
        return g.Pad(dy, g.Neg(w.Pads()));
    }

    private Value Pool(Value x, int i, long kernel) => g.Emit(
        "MaxPool", [x], ("kernel_shape", Only(kernel, i)), ("strides", Only(w.Strides[i], i)), ("dilations", Only(w.Dilations[i], i)));

    private long[] Only(long number, int i) => [.. Enumerable.Range(0, w.Rank).Select(k => k == i ? number : 1)];

    private Value Along(int i, Value x, Value y, Value dy)
    {
        if (w.Kernel[i] == 1 && w.Strides[i] == 1) return dy;
        var isFew = w.Kernel[i] <= FewTaps;
        if (!isFew && w.Dilations[i] == 1 && y.Dims![i + 2] == 1) return g.WhereOrZero(First(g.Equal(x, y), i + 2), dy);
        var dx = !isFew && w.Dilations[i] == 1 && w.Strides[i] >= w.Kernel[i] ? SideBySide(i, x, y, dy) : TapByTap(i, x, y, dy);
        var isWhole = dx.Dims![i + 2] >= 0 && dx.Dims[i + 2] == x.Dims![i + 2];
        return isWhole ? dx : g.Slice(dx, g.Longs(0), g.Size(x, i + 2), [i + 2]);
    }

    /// <summary>Windows that do not overlap get an axis of their own, on which the winner is looked for.</summary>
    private Value SideBySide(int i, Value x, Value y, Value dy)
    {
        var (axis, stride) = (i + 2, w.Strides[i]);
        x = g.Pad(x, Pads(x.Rank, axis, 0, stride - w.Kernel[i]), float.NegativeInfinity);
        var windows = g.Reshape(x, Sizes(x, axis, g.Size(y, axis), g.Longs(stride)));
        var isFirst = First(g.Equal(windows, g.Unsqueeze(y, axis + 1)), axis + 1);
        return g.ReshapeLike(g.WhereOrZero(isFirst, g.Unsqueeze(dy, axis + 1)), x);
    }

    /// <summary>
    /// Tap by tap: the first tap up to which the maximum is the whole window's takes what is there. The tap at
    /// q strides + r goes to position o + q of the r-th of as many grids as a stride is long; interleaved they are the input.
    /// </summary>
    private Value TapByTap(int i, Value x, Value y, Value dy)
    {
        var (axis, stride, extent) = (i + 2, w.Strides[i], w.Extents[i]);
        var farthest = (extent - 1) / stride;
        var grids = new Value?[Math.Min(stride, extent)];
        var left = dy;
        for (var tap = 0L; tap < w.Kernel[i]; tap++)
        {
            var (taken, start) = (left, tap * w.Dilations[i]);
            if (tap + 1 < w.Kernel[i])
            {
                var isReached = g.Equal(UpTo(tap, i, x), y);
                taken = g.WhereOrZero(isReached, left);
                left = g.Where(isReached, g.Scalar(0, left.Type), left);
            }

            var (q, r) = (start / stride, start % stride);
            var placed = g.Pad(taken, Pads(x.Rank, axis, q, farthest - q));
            grids[r] = grids[r] is { } sum ? g.Add(sum, placed) : placed;
        }

        var empty = Array.Exists(grids, grid => grid is null) ? g.Zeros(grids[0]!) : null;
        var stacked = g.Concat(axis + 1, Array.ConvertAll(grids, grid => g.Unsqueeze(grid ?? empty!, axis + 1)));
        stacked = g.Pad(stacked, Pads(stacked.Rank, axis + 1, 0, stride - grids.Length));
        return g.Reshape(stacked, Sizes(x, axis, g.Mul(g.Size(grids[0]!, axis), g.Longs(stride))));
    }

    /// <summary>The maximum of each window's taps up to this one, along one axis.</summary>
    private Value UpTo(long tap, int i, Value x)
    {
        // Shorter windows that start at the same places may be followed by more of them.
        var more = (w.Kernel[i] - 1 - tap) * w.Dilations[i] / w.Strides[i];
        var pooled = tap == 0 && w.Strides[i] == 1 ? x : Pool(x, i, tap + 1);
        return more == 0 ? pooled : g.Slice(pooled, [0], [-more], [i + 2]);
    }

    /// <summary>The first element along the axis that is true stays so, the others become false.</summary>
    private Value First(Value hits, int axis)
    {
        var number = g.Emit("CumSum", [g.Cast(hits, ElementType.Float), g.Builder.Constant(Tensor.Scalar((long)axis))]);
        return g.And(hits, g.Equal(number, g.Builder.Constant(1f)));
    }

    /// <summary>The sizes of a value with others in the place of that of one axis.</summary>
    private Value Sizes(Value value, int axis, params Value[] sizes) => g.Join(
        [g.SizesOf(value, [.. Enumerable.Range(0, axis)]), .. sizes, g.SizesOf(value, [.. Enumerable.Range(axis + 1, value.Rank - axis - 1)])]);

    private static long[] Pads(int rank, int axis, long begin, long end)
    {
        var pads = new long[2 * rank];
        (pads[axis], pads[axis + rank]) = (begin, end);
        return pads;
    }
}

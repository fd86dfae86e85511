using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>Gradients of operators that only move elements: each is the move back.</summary>
internal static class ShapeGradients
{
    public static Value?[] Transpose(GradientContext g)
    {
        var rank = g.X().Rank;
        var perm = g.Node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        var inverse = new long[rank];
        for (var i = 0; i < rank; i++) inverse[perm[i]] = i;
        return [g.Transpose(g.DY, inverse)];
    }

    /// <summary>Slices, not Split: captured CUDA graphs replay Split of unequal sizes from freed memory (facts, section 3).</summary>
    public static Value?[] Concat(GradientContext g)
    {
        var axis = Shapes.Axis(g.Node.Int("axis", 0), g.Y().Rank);
        var result = new Value?[g.Node.Inputs.Length];
        long start = 0;
        for (var i = 0; i < result.Length; i++)
        {
            var end = start + g.X(i).StaticDims()[axis];
            result[i] = g.Slice(g.DY, [start], [end], [axis]);
            start = end;
        }

        return result;
    }

    public static Value?[] Split(GradientContext g)
    {
        var parts = g.Node.Outputs.Select((y, i) => g.DYOrNull(i) ?? g.Zeros(y)).ToArray();
        return [g.Concat(g.Node.Int("axis", 0), parts)];
    }

    public static Value?[] Slice(GradientContext g)
    {
        var dims = g.X().StaticDims();
        var (starts, ends) = (g.ConstantInput(1).ToLongs(), g.ConstantInput(2).ToLongs());
        var axes = g.Has(3) ? g.ConstantInput(3).ToLongs() : [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = g.Has(4) ? g.ConstantInput(4).ToLongs() : [.. starts.Select(_ => 1L)];
        var gradient = g.DY;
        var pads = new long[2 * dims.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], dims.Length);
            var (size, taken, step) = (dims[axis], g.Y().StaticDims()[axis], steps[i]);
            // What a negative step takes backwards is the same set of elements in reverse order.
            var first = Math.Clamp(starts[i] < 0 ? starts[i] + size : starts[i], step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
            if (step < 0)
            {
                gradient = g.Slice(gradient, [-1], [long.MinValue + 1], [axis], [-1]);
                (first, step) = (first + ((taken - 1) * step), -step);
            }

            if (step > 1) gradient = Spread(g, gradient, axis, step);
            var spread = gradient.StaticDims()[axis];
            (pads[axis], pads[axis + dims.Length]) = (first, size - first - spread);
        }

        return [g.Pad(gradient, pads)];
    }

    public static Value?[] Pad(GradientContext g)
    {
        if (g.Node.Text("mode", "constant") is var mode and not "constant")
            throw OnnxVizException.Input($"No gradient rule for Pad in mode '{mode}' (node '{g.Node.Name}').");
        var rank = g.X().Rank;
        var pads = g.ConstantInput(1).ToLongs();
        var all = new long[2 * rank];
        var axes = g.Has(3) ? g.ConstantInput(3).ToLongs() : [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], rank);
            (all[axis], all[axis + rank]) = (-pads[i], -pads[i + axes.Length]);
        }

        return [g.Pad(g.DY, all)];
    }

    /// <summary>One index along an axis is a slice; several add up where they repeat.</summary>
    public static Value?[] Gather(GradientContext g)
    {
        var dims = g.X().StaticDims();
        var axis = Shapes.Axis(g.Node.Int("axis", 0), dims.Length);
        var before = dims.Take(axis).Aggregate(1L, (n, d) => n * d);
        var after = dims.Skip(axis + 1).Aggregate(1L, (n, d) => n * d);
        var count = Shapes.Count(g.X(1).StaticDims());
        var rows = g.Reshape(g.DY, before, count, after);
        if (count == 1 && g.X(1).Constant is { } single)
        {
            var index = Shapes.Axis(single.ToLongs()[0], (int)dims[axis]);
            return [g.Reshape(g.Pad(rows, [0, index, 0, 0, dims[axis] - index - 1, 0]), dims)];
        }

        var indices = g.Expand(g.Reshape(g.X(1), 1, count, 1), before, count, after);
        var zeros = g.Expand(g.Scalar(0), before, dims[axis], after);
        var scattered = g.Emit("ScatterElements", [zeros, indices, rows], ("axis", 1L), ("reduction", "add"));
        return [g.Reshape(scattered, dims)];
    }

    /// <summary>Puts step - 1 zeros between neighbours along an axis.</summary>
    private static Value Spread(GradientContext g, Value value, int axis, long step)
    {
        var dims = value.StaticDims();
        var pads = new long[2 * (dims.Length + 1)];
        pads[^(dims.Length - axis)] = step - 1;
        var wide = g.Pad(g.Unsqueeze(value, axis + 1), pads);
        var merged = g.Reshape(wide, [.. dims.Select((d, i) => i == axis ? d * step : d)]);
        return g.Slice(merged, [0], [((dims[axis] - 1) * step) + 1], [axis]);
    }
}

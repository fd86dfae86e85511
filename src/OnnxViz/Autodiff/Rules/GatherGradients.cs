namespace OnnxViz.Autodiff.Rules;

/// <summary>Reading at places given by indices: the gradient is added up where it was read.</summary>
internal static class GatherGradients
{
    public static Value?[] Gather(GradientContext g) =>
        [Along(g, Shapes.Axis(g.Node.Int("axis", 0), g.X().Rank), g.X(), g.X(1))];

    /// <summary>The elements where a constant condition holds, of an axis or of the flattened input.</summary>
    public static Value?[] Compress(GradientContext g)
    {
        var condition = g.ConstantInput(1).ToLongs();
        var places = g.Longs([.. Enumerable.Range(0, condition.Length).Where(i => condition[i] != 0).Select(i => (long)i)]);
        if (g.Node.Has("axis")) return [Along(g, Shapes.Axis(g.Node.Int("axis", 0), g.X().Rank), g.X(), places)];
        return [g.ReshapeLike(Along(g, 0, g.Reshape(g.X(), -1), places), g.X())];
    }

    public static Value?[] GatherElements(GradientContext g) =>
        [g.ScatterElements(g.Zeros(g.X()), g.X(1), g.DY, Shapes.Axis(g.Node.Int("axis", 0), g.X().Rank), "add")];

    /// <summary>ScatterND has no batch axes: they become one more index.</summary>
    public static Value?[] GatherND(GradientContext g)
    {
        var (x, indices, batch) = (g.X(), g.X(1), (int)g.Node.Int("batch_dims", 0));
        if (batch == 0) return [g.Emit("ScatterND", [g.Zeros(x), indices, g.DY], ("reduction", "add"))];
        var rank = indices.Rank;
        var rows = g.Product([.. Enumerable.Range(0, batch).Select(i => g.Size(indices, i))]);
        var picks = g.Product([.. Enumerable.Range(batch, rank - 1 - batch).Select(i => g.Size(indices, i))]);
        var depth = g.Size(indices, rank - 1);
        var row = g.Expand(g.Unsqueeze(g.Count(rows), 1, 2), g.Join(rows, picks, g.Longs(1)));
        var places = g.Concat(2, row, g.Reshape(indices, g.Join(rows, picks, depth)));
        var rest = g.SizesOf(x, [.. Enumerable.Range(batch, x.Rank - batch)]);
        var read = g.SizesOf(x, [.. Enumerable.Range(batch + (int)indices.Dims![^1], x.Rank - batch - (int)indices.Dims[^1])]);
        var zeros = g.Expand(g.Scalar(0), g.Join(rows, rest));
        var dy = g.Reshape(g.DY, g.Join(rows, picks, read));
        return [g.ReshapeLike(g.Emit("ScatterND", [zeros, places, dy], ("reduction", "add")), x)];
    }

    /// <summary>The values go back to where they stood; no element is chosen twice.</summary>
    public static Value?[] TopK(GradientContext g) =>
        [g.ScatterElements(g.Zeros(g.X()), g.Y(1), g.DY, Shapes.Axis(g.Node.Int("axis", -1), g.X().Rank))];

    /// <summary>Indices count the elements of the whole output, of all pictures.</summary>
    public static Value?[] MaxUnpool(GradientContext g) => [g.Gather(g.Reshape(g.DY, -1), g.X(1), 0)];

    /// <summary>d score / d x of y = the elements of x at the indices along the axis, where DY has their shape in place of the axis.</summary>
    private static Value Along(GradientContext g, int axis, Value x, Value indices)
    {
        var (before, after) = (Enumerable.Range(0, axis), Enumerable.Range(axis + 1, x.Rank - axis - 1));
        var size = g.Size(x, axis);
        if (indices.Constant is { Count: 1 } single)
        {
            var index = single.ToLongs()[0];
            var place = index < 0 ? g.Add(size, g.Longs(index)) : g.Longs(index);
            var kept = g.Reshape(g.DY, g.Join(g.SizesOf(x, [.. before]), g.Longs(1), g.SizesOf(x, [.. after])));
            return g.Pad(kept, g.Join(place, g.Sub(g.Sub(size, place), g.Longs(1))), [axis]);
        }

        if (indices.Rank == 1 && Inverse(indices, x.Dims![axis]) is { } inverse) return g.Gather(g.DY, g.Longs(inverse), axis);
        var (outer, inner) = (Product(before), Product(after));
        var count = g.Product([.. Enumerable.Range(0, indices.Rank).Select(i => g.Size(indices, i))]);
        var rows = g.Join(outer, count, inner);
        var places = g.Expand(g.Reshape(indices, 1, -1, 1), rows);
        var zeros = g.Expand(g.Scalar(0), g.Join(outer, size, inner));
        return g.ReshapeLike(g.ScatterElements(zeros, places, g.Reshape(g.DY, rows), 1, "add"), x);

        Value Product(IEnumerable<int> axes) => g.Product([.. axes.Select(i => g.Size(x, i))]);
    }

    /// <summary>Indices that only reorder the axis, as a swap of colours does, are undone by others: null if they do more.</summary>
    private static long[]? Inverse(Value indices, long size)
    {
        if (indices.Constant is not { } known || known.Count != size) return null;
        var inverse = new long[size];
        Array.Fill(inverse, -1);
        var at = known.ToLongs();
        for (var i = 0; i < at.Length; i++) inverse[at[i] < 0 ? at[i] + size : at[i]] = i;
        return Array.IndexOf(inverse, -1) < 0 ? inverse : null;
    }
}


namespace OnnxViz.Graphs.Folding;

/// <summary>Operators that copy elements whatever their type.</summary>
internal static class DataMovement
{
    public static Tensor[]? Same(Node node)
    {
        var x = node.Constant(0);
        return x.Dims.AsSpan().SequenceEqual(node.Outputs[0].Dims) ? [x] : Fold.Lazily(node, x.Read);
    }

    /// <summary>Nothing is dropped in inference.</summary>
    public static Tensor[]? Dropout(Node node) => node.Outputs.Length == 1 && node.Input(2) is null ? Same(node) : null;

    public static Tensor[]? Transpose(Node node)
    {
        var x = node.Constant(0);
        var strides = Fold.Strides(x.Dims);
        var permuted = Array.ConvertAll(Permutation(node.Ints("perm"), x.Dims.Length), i => strides[i]);
        return Copied(node, x, 0, permuted);
    }

    public static Tensor[]? Expand(Node node)
    {
        var x = node.Constant(0);
        return Copied(node, x, 0, Fold.BroadcastStrides(x.Dims, node.Outputs[0].Rank));
    }

    public static Tensor[]? Slice(Node node)
    {
        var x = node.Constant(0);
        var starts = node.Constant(1).ToLongs();
        var ends = node.Constant(2).ToLongs();
        var axes = node.Input(3)?.Constant?.ToLongs() ?? Shapes.Axes(0, starts.Length);
        var steps = node.Input(4)?.Constant?.ToLongs();
        var strides = Fold.Strides(x.Dims);
        long start = 0;
        var walked = (long[])strides.Clone();
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], x.Dims.Length);
            var range = SliceRange.Of(starts[i], ends[i], steps?[i] ?? 1, x.Dims[axis]);
            start += range.Start * strides[axis];
            // A single element is never stepped on from, however far the step would lead.
            walked[axis] = range.Count > 1 ? range.Step * strides[axis] : 0;
        }

        return Copied(node, x, start, walked);
    }

    public static Tensor[]? Split(Node node)
    {
        var x = node.Constant(0);
        if (!node.Outputs.All(output => output.HasStaticShape)) return null;
        var axis = Shapes.Axis(node.Int("axis", 0), x.Dims.Length);
        var strides = Fold.Strides(x.Dims);
        var parts = new Tensor[node.Outputs.Length];
        long start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (dims, from) = (node.Outputs[i].Dims!, start);
            parts[i] = new Tensor(x.Type, dims, () => StridedCopy.Of(x.Read(), x.Type.Size(), dims, from, strides));
            start += dims[axis] * strides[axis];
        }

        return parts;
    }

    public static Tensor[]? Concat(Node node)
    {
        var parts = Array.ConvertAll(node.Inputs, input => input!.Constant!);
        return Fold.Lazily(node, () =>
        {
            var (dims, size) = (node.Outputs[0].Dims!, parts[0].Type.Size());
            var axis = Shapes.Axis(node.Int("axis", 1), dims.Length);
            var strides = Fold.Strides(dims);
            var target = new byte[Shapes.Count(dims) * size];
            long start = 0;
            foreach (var part in parts)
            {
                StridedCopy.Into(part.Read(), target, size, part.Dims, 0, Fold.Strides(part.Dims), start, strides);
                start += part.Dims[axis] * strides[axis];
            }

            return target;
        });
    }

    /// <summary>[d0, d1] repeated [r0, r1] times is [r0, d0, r1, d1] with nothing to step over where r counts.</summary>
    public static Tensor[]? Tile(Node node)
    {
        var x = node.Constant(0);
        var repeats = node.Constant(1).ToLongs();
        var strides = Fold.Strides(x.Dims);
        return Fold.Lazily(node, () => StridedCopy.Of(
            x.Read(),
            x.Type.Size(),
            [.. x.Dims.SelectMany((d, i) => new[] { repeats[i], d })],
            0,
            [.. strides.SelectMany(s => new[] { 0, s })]));
    }

    /// <summary>Padding with a constant, or cropping by negative numbers.</summary>
    public static Tensor[]? Pad(Node node)
    {
        if (node.Text("mode", "constant") != "constant" || node.Input(1)?.Constant is not { } given) return null;
        var x = node.Constant(0);
        var rank = x.Dims.Length;
        var axes = node.Input(3)?.Constant?.ToLongs() ?? Shapes.Axes(0, rank);
        var (begin, pads) = (new long[rank], given.ToLongs());
        for (var i = 0; i < axes.Length; i++) begin[Shapes.Axis(axes[i], rank)] = pads[i];
        var filler = node.Input(2)?.Constant;
        return Fold.Lazily(node, () =>
        {
            var (dims, size) = (node.Outputs[0].Dims!, x.Type.Size());
            var target = filler is null
                ? new byte[Shapes.Count(dims) * size]
                : StridedCopy.Of(filler.Bytes, size, dims, 0, new long[rank]);
            var (sourceStrides, targetStrides) = (Fold.Strides(x.Dims), Fold.Strides(dims));
            var kept = new long[rank];
            long from = 0, to = 0;
            for (var i = 0; i < rank; i++)
            {
                var first = Math.Max(0, -begin[i]);
                kept[i] = Math.Max(0, Math.Min(x.Dims[i], dims[i] - begin[i]) - first);
                from += first * sourceStrides[i];
                to += Math.Max(0, begin[i]) * targetStrides[i];
            }

            StridedCopy.Into(x.Read(), target, size, kept, from, sourceStrides, to, targetStrides);
            return target;
        });
    }

    public static Tensor[]? DepthToSpace(Node node)
    {
        var x = node.Constant(0);
        var (b, d) = (node.Int("blocksize", 1), x.Dims);
        var c = d[1] / (b * b);
        // Axes of the source (CRD: c, b, b; DCR: b, b, c), then in the order of the target: n, c, h, b, w, b.
        var isCrd = node.Text("mode", "DCR") == "CRD";
        long[] source = isCrd ? [d[0], c, b, b, d[2], d[3]] : [d[0], b, b, c, d[2], d[3]];
        int[] order = isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
        var strides = Fold.Strides(source);
        return Fold.Lazily(node, () => StridedCopy.Of(
            x.Read(), x.Type.Size(), Array.ConvertAll(order, i => source[i]), 0, Array.ConvertAll(order, i => strides[i])));
    }

    private static Tensor[]? Copied(Node node, Tensor x, long start, long[] strides) =>
        Fold.Lazily(node, () => x.Use(bytes => StridedCopy.Of(bytes, x.Type.Size(), node.Outputs[0].Dims!, start, strides)));

    /// <summary>The permutation of a Transpose, which is all axes in reverse when not given.</summary>
    public static int[] Permutation(long[]? perm, int rank)
    {
        if (perm is null) return [.. Enumerable.Range(0, rank).Reverse()];
        if (!perm.Order().SequenceEqual(Shapes.Axes(0, rank)))
            throw OnnxVizException.Input($"[{string.Join(',', perm)}] is no permutation of {rank} axes");
        return Array.ConvertAll(perm, p => (int)p);
    }
}

namespace OnnxViz.Graphs.Folding;

/// <summary>Reading and writing at places given by indices; negative ones count from the back.</summary>
internal static class Gathering
{
    public static Tensor[]? Gather(Node node)
    {
        var (x, indices) = (node.Constant(0), node.Constant(1));
        var axis = Shapes.Axis(node.Int("axis", 0), x.Dims.Length);
        return Fold.Lazily(node, () =>
        {
            var at = Array.ConvertAll(indices.ToLongs(), i => Place(i, x.Dims[axis]));
            var block = (int)Shapes.Count(x.Dims.AsSpan(axis + 1)) * x.Type.Size();
            var (source, size) = (x.Read(), (int)x.Dims[axis]);
            var outer = (int)Shapes.Count(x.Dims.AsSpan(0, axis));
            var y = new byte[outer * at.Length * block];
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < at.Length; i++)
                    Buffer.BlockCopy(source, (o * size + at[i]) * block, y, (o * at.Length + i) * block, block);
            return y;
        });
    }

    public static Tensor[]? GatherElements(Node node)
    {
        var (x, indices) = (node.Constant(0), node.Constant(1));
        return Fold.Lazily(node, () =>
        {
            var (source, size, places) = (x.Read(), x.Type.Size(), ElementPlaces(node, x, indices));
            var y = new byte[places.Length * size];
            for (var i = 0; i < places.Length; i++) Buffer.BlockCopy(source, places[i] * size, y, i * size, size);
            return y;
        });
    }

    public static Tensor[]? ScatterElements(Node node)
    {
        if (node.Text("reduction", "none") != "none") return null;
        var (x, indices, updates) = (node.Constant(0), node.Constant(1), node.Constant(2));
        return Fold.Lazily(node, () =>
        {
            var (y, source, size) = ((byte[])x.Read().Clone(), updates.Read(), x.Type.Size());
            var places = ElementPlaces(node, x, indices);
            for (var i = 0; i < places.Length; i++) Buffer.BlockCopy(source, i * size, y, places[i] * size, size);
            return y;
        });
    }

    public static Tensor[]? ScatterND(Node node)
    {
        if (node.Text("reduction", "none") != "none") return null;
        var (x, indices, updates) = (node.Constant(0), node.Constant(1), node.Constant(2));
        return Fold.Lazily(node, () =>
        {
            var (y, source) = ((byte[])x.Read().Clone(), updates.Read());
            var (at, depth, strides) = (indices.ToLongs(), (int)indices.Dims[^1], Fold.Strides(x.Dims));
            var block = (int)Shapes.Count(x.Dims.AsSpan(depth)) * x.Type.Size();
            for (var i = 0; i < at.Length / Math.Max(depth, 1); i++)
            {
                long place = 0;
                for (var d = 0; d < depth; d++) place += Place(at[i * depth + d], x.Dims[d]) * strides[d];
                Buffer.BlockCopy(source, i * block, y, (int)place * x.Type.Size(), block);
            }

            return y;
        });
    }

    /// <summary>For each index the place of the element it stands for, the other coordinates being its own.</summary>
    private static int[] ElementPlaces(Node node, Tensor x, Tensor indices)
    {
        var axis = Shapes.Axis(node.Int("axis", 0), x.Dims.Length);
        var (strides, own, at) = (Fold.Strides(x.Dims), Fold.Strides(indices.Dims), indices.ToLongs());
        var places = new int[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            long place = 0;
            for (var d = 0; d < own.Length; d++)
                place += (d == axis ? Place(at[i], x.Dims[d]) : i / own[d] % indices.Dims[d]) * strides[d];
            places[i] = (int)place;
        }

        return places;
    }

    private static int Place(long index, long size) => index >= -size && index < size
        ? (int)(index < 0 ? index + size : index)
        : throw OnnxVizException.Input($"Index {index} is outside of an axis of size {size}.");
}

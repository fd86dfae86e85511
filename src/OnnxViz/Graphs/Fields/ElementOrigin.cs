namespace OnnxViz.Graphs.Fields;

/// <summary>Follows one element of a value back through what only moves elements, or maps each by itself.</summary>
internal static class ElementOrigin
{
    private static readonly HashSet<string> ByItself = ["Sigmoid", "Cast", "Identity", "Exp", "Relu", "Tanh", "Softplus", "HardSigmoid", "Clip"];

    /// <summary>Where the element comes from, step by step: values of known shapes with the element's index in each, the value itself first.</summary>
    /// <param name="value">Of a graph whose shapes are known.</param>
    /// <param name="index">Of the element.</param>
    public static IEnumerable<Value> Of(Value value, long[] index)
    {
        yield return value;
        while (value.HasStaticShape && value.Producer is { Domain: "" } node && Before(node, value, index) is var (before, at))
        {
            (value, index) = (before, at);
            yield return value;
        }
    }

    private static (Value Value, long[] Index)? Before(Node node, Value value, long[] index)
    {
        if (node.Input(0) is not { HasStaticShape: true } input) return null;
        var (dims, from) = (value.Dims!, input.Dims!);
        if (ByItself.Contains(node.OpType)) return (input, index);
        switch (node.OpType)
        {
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                return (input, Index(Flat(index, dims), from));
            case "Transpose":
                var order = node.Attributes.GetValueOrDefault("perm") as long[] ?? [.. Enumerable.Range(0, from.Length).Select(i => (long)(from.Length - 1 - i))];
                var moved = new long[from.Length];
                for (var i = 0; i < order.Length; i++) moved[order[i]] = index[i];
                return (input, moved);
            case "Concat":
                return Joined(node, index, Axis(node, dims.Length));
            case "Split":
                var axis = Axis(node, dims.Length);
                var start = node.Outputs.TakeWhile(o => o != value).Sum(o => o.Dims is { } d ? d[axis] : 0);
                return (input, Shifted(index, axis, start));
            case "Slice" when node.Input(1)?.Constant is { } starts && (node.Input(4)?.Constant?.ToLongs().All(s => s == 1) ?? true):
                long[] axes = node.Input(3) is { } given ? given.Constant?.ToLongs() ?? [] : [.. Enumerable.Range(0, (int)starts.Count).Select(i => (long)i)];
                if (axes.Length != starts.Count) return null;
                var sliced = index;
                foreach (var (start0, a) in starts.ToLongs().Zip(axes))
                {
                    var on = (int)(a < 0 ? a + from.Length : a);
                    sliced = Shifted(sliced, on, Math.Clamp(start0 < 0 ? start0 + from[on] : start0, 0, from[on]));
                }

                return (input, sliced);
            default:
                return null;
        }
    }

    private static (Value Value, long[] Index)? Joined(Node node, long[] index, int axis)
    {
        var left = index[axis];
        foreach (var part in node.Inputs.OfType<Value>())
        {
            if (!part.HasStaticShape) return null;
            if (left < part.Dims![axis]) return (part, Shifted(index, axis, left - index[axis]));
            left -= part.Dims[axis];
        }

        return null;
    }

    private static int Axis(Node node, int rank) => (int)(node.Int("axis", 0) is var axis && axis < 0 ? axis + rank : axis);

    private static long[] Shifted(long[] index, int axis, long by)
    {
        long[] moved = [.. index];
        moved[axis] += by;
        return moved;
    }

    private static long Flat(long[] index, long[] dims) => index.Zip(dims).Aggregate(0L, (flat, i) => (flat * i.Second) + i.First);

    private static long[] Index(long flat, long[] dims)
    {
        var index = new long[dims.Length];
        for (var i = dims.Length - 1; i >= 0; i--) (index[i], flat) = (flat % dims[i], flat / dims[i]);
        return index;
    }
}

namespace OnnxViz.Models.Inputs;

/// <summary>Where the axes of an input are in what comes of it before its first use.</summary>
/// <param name="Axes">For each axis the input's that it is, -1 for one that was added; null where the rank is not known and nothing moved.</param>
/// <param name="Dims">Of the value, as far as they are known.</param>
/// <param name="IsWhole">Whether nothing was cut off.</param>
internal sealed record AxisPath(int[]? Axes, long[]? Dims, bool IsWhole)
{
    private const int New = -1;

    /// <summary>Behind a node that only moves or rescales; null behind any other.</summary>
    public AxisPath? Through(Node node, Value value)
    {
        switch (node.OpType)
        {
            case "Transpose":
                var order = node.Ints("perm") ?? (Axes is null ? null : Array.ConvertAll(Enumerable.Range(0, Axes.Length).Reverse().ToArray(), i => (long)i));
                var from = Axes ?? (order is null ? null : [.. Enumerable.Range(0, order.Length)]);
                return order is null || from!.Length != order.Length ? null
                    : this with { Axes = [.. order.Select(p => from[p])], Dims = Dims is { } d && d.Length == order.Length ? [.. order.Select(p => d[p])] : null };
            case "Unsqueeze" when Axes is not null && Longs(node, "axes", 1) is { } added:
                var rank = Axes.Length + added.Length;
                var places = added.Select(a => (int)(a < 0 ? a + rank : a)).ToHashSet();
                var (axes, dims) = (new Queue<int>(Axes), new Queue<long>(Dims ?? new long[Axes.Length]));
                var result = Enumerable.Range(0, rank).Select(i => places.Contains(i) ? (New, 1L) : (axes.Dequeue(), dims.Dequeue())).ToList();
                return this with { Axes = [.. result.Select(r => r.Item1)], Dims = Dims is null ? null : [.. result.Select(r => r.Item2)] };
            case "Squeeze" when Axes is not null && Longs(node, "axes", 1) is { } gone:
                var left = Enumerable.Range(0, Axes.Length).Where(i => !gone.Contains(i) && !gone.Contains(i - Axes.Length)).ToList();
                return this with { Axes = [.. left.Select(i => Axes[i])], Dims = Dims is null ? null : [.. left.Select(i => Dims[i])] };
            case "Reshape" when Axes is not null && Dims is not null && Longs(node, "shape", 1) is { } shape:
                return Reshaped(shape);
            case "Slice" or "Split":
                return this with { IsWhole = false, Dims = null };
            case "Concat" or "Pad" or "Resize" or "Upsample" or "BatchNormalization" or "InstanceNormalization" or "Cast" or "Identity" or "Dropout" or "QuantizeLinear" or "DequantizeLinear"
                or "DynamicQuantizeLinear" or "Clip":
                return node.Input(0) == value || node.OpType == "Concat" ? this : null;
            default:
                return node.Is(OperatorNature.Elementwise) || node.Is(OperatorNature.Pool) ? this : null;
        }
    }

    /// <summary>Axes of length 1 may come and go; the others stay as they are.</summary>
    private AxisPath? Reshaped(long[] shape)
    {
        var axes = new List<int>();
        var at = 0;
        foreach (var (i, length) in shape.Index())
        {
            var wanted = length == 0 && i < Dims!.Length ? Dims[i] : length;
            while (at < Dims!.Length && Dims[at] == 1 && wanted != 1 && at > 0) at++;
            if (at < Dims.Length && (Dims[at] == wanted || (wanted == -1 && Dims[at] != 1) || (i == 0 && at == 0))) axes.Add(Axes![at++]);
            else if (wanted == 1) axes.Add(New);
            else return null;
        }

        return at == Dims!.Length || Dims[at..].All(d => d == 1) ? this with { Axes = [.. axes], Dims = shape } : null;
    }

    private static long[]? Longs(Node node, string attribute, int input) => node.Ints(attribute) ?? node.Input(input)?.Constant?.ToLongs();
}

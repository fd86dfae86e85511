using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Graphs.Batching;

/// <summary>
/// Copies a network that holds the number of its pictures into a builder as often as a batch needs it: each copy sees its
/// part of the rows, the last one filled up with its last row, and what they deliver is joined. All copies share their weights.
/// </summary>
internal static class InliningInParts
{
    /// <param name="builder">Where the copies go.</param>
    /// <param name="model">The network.</param>
    /// <param name="picture">Its input.</param>
    /// <param name="inputs">What stands for each input that is needed, and for other values of the model.</param>
    /// <param name="wanted">What has to be computed.</param>
    /// <param name="rows">How many pictures a copy takes.</param>
    /// <param name="keepPrivate">As for <see cref="Inlining.Inline"/>.</param>
    /// <returns>For each value that is wanted its counterpart for all rows; of others the first copy's.</returns>
    public static IReadOnlyDictionary<Value, Value> InlineInParts(
        this GraphBuilder builder, Graph model, Value picture, IReadOnlyDictionary<Value, Value> inputs, IReadOnlyList<Value> wanted, int rows, bool keepPrivate)
    {
        var count = inputs[picture].Dims![0];
        var copies = new Dictionary<Value, Value>[(count + rows - 1) / rows];
        for (var i = 0; i < copies.Length; i++) copies[i] = inputs.ToDictionary(p => p.Key, p => Part(builder, p.Value, i * rows, rows, count));
        var whole = new Dictionary<Value, Value>(inputs);
        // What is wanted is whole again before anything else is made of it: so there is a gradient with respect to it.
        foreach (var value in InOrder(model, wanted).Where(w => !whole.ContainsKey(w)))
        {
            for (var i = 0; i < copies.Length; i++)
            {
                copies[i] = new(builder.Inline(model, copies[i], [value], keepPrivate));
                if (i > 0) continue;
                foreach (var (original, copied) in copies[0].Where(c => c.Value.Constant is not null))
                    foreach (var other in copies.Skip(1)) other.TryAdd(original, copied);
            }

            whole[value] = Joined(builder, [.. copies.Select(c => c[value])], rows, count);
            if (wanted.Count == 1 || whole[value].Dims is not [> 0 and var all, ..] || all % count > 0) continue;
            for (var i = 0; i < copies.Length; i++) copies[i][value] = Part(builder, whole[value], i * rows, rows, count);
        }

        foreach (var (value, copied) in copies[0]) whole.TryAdd(value, copied);
        return whole;
    }

    private static IEnumerable<Value> InOrder(Graph model, IReadOnlyList<Value> wanted)
    {
        if (wanted.Count == 1) return wanted;
        var places = model.NodesFor(wanted).Index().ToDictionary(n => n.Item, n => n.Index);
        return wanted.Distinct().OrderBy(w => w.Producer is { } node ? places.GetValueOrDefault(node, -1) : -1);
    }

    /// <summary>Some rows of what has one, or several, for each picture; what is the same for all of them as it is.</summary>
    private static Value Part(GraphBuilder builder, Value value, long first, long rows, long count)
    {
        if (value.Dims is not [> 0, ..] || value.Dims[0] % count != 0 || (value.Constant is not null && value.Dims[0] == 1)) return value;
        var each = value.Dims[0] / count;
        var there = Math.Min(rows, count - first);
        var part = there == count ? value : builder.Slice(value, [first * each], [(first + there) * each], [0]);
        if (there == rows) return part;
        var last = builder.Slice(part, [(there - 1) * each], [there * each], [0]);
        return builder.Concat(0, [part, .. Enumerable.Repeat(last, (int)(rows - there))]);
    }

    private static Value Joined(GraphBuilder builder, Value[] parts, long rows, long count)
    {
        if (parts[0].Constant is not null || parts[0].Dims is []) return parts[0];
        var all = parts.Length == 1 ? parts[0] : builder.Concat(0, parts);
        if (count % rows == 0) return all;
        if (parts[0].Dims is not [> 0, ..] || parts[0].Dims![0] % rows != 0)
        {
            throw OnnxVizException.Input(
                $"The network holds the number of its pictures, {rows}, and '{parts[0].Name}' ({parts[0]}) has no axis of them: it can be run for {rows} pictures at a time only.");
        }

        return builder.Slice(all, [0], [parts[0].Dims![0] / rows * count], [0]);
    }
}

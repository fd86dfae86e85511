using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Inference;

/// <summary>
/// Names dimensions that are not known before the graph runs. A row for each operator that hands dimensions on; where there
/// is none, the dimension is a new one.
/// </summary>
internal static class DimensionNames
{
    /// <summary>The open dimensions of a value; one that occurs twice is listed twice.</summary>
    public static List<SymbolicDim> Of(Value value) =>
        [.. Enumerable.Range(0, value.Rank).Where(i => value.Dims![i] < 0).Select(i => Of(value, i))];

    /// <summary>The name of one dimension. Each is looked for once, and without recursion: files hold chains of any length.</summary>
    public static SymbolicDim Of(Value value, int axis)
    {
        var open = new Stack<(Value Value, int Axis, List<(Value, int)> Sources)>();
        Visit(value, axis);
        while (open.TryPeek(out var top))
        {
            var before = open.Count;
            foreach (var (source, from) in top.Sources) Visit(source, from);
            if (open.Count > before) continue;
            open.Pop();
            // Two sources that are not the same may differ by one of them being 1.
            var names = top.Sources.Select(s => s.Item1.OpenDimensions![s.Item2]!.Value).Distinct().ToArray();
            top.Value.OpenDimensions![top.Axis] = new(names is [var name] ? name : new SymbolicDim(top.Value, top.Axis));
        }

        return value.OpenDimensions![axis]!.Value;

        void Visit(Value value, int axis)
        {
            var known = value.KnownOpenDimensions();
            if (known[axis] is null) open.Push((value, axis, value.Producer is { Domain: "" } node ? Sources(node, value, axis) : []));
        }
    }

    /// <summary>Where a dimension comes from; several sources only where inputs are broadcast, and none where it is a new one.</summary>
    private static List<(Value Source, int Axis)> Sources(Node node, Value y, int axis) => node.OpType switch
    {
        "Concat" => axis == Shapes.Axis(node.Int("axis", 1), y.Rank) ? [] : Broadcast(node, y, axis),
        _ when ShapeInference.Broadcasts(node.OpType) => Broadcast(node, y, axis),
        _ => Source(node, y, axis) is { } source ? [source] : [],
    };

    private static (Value Source, int Axis)? Source(Node node, Value y, int axis) => node.OpType switch
    {
        "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "LpPool" => axis == 0 ? Handed(node, 0) : null,
        "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" or "Resize" or "DepthToSpace" or "SpaceToDepth" => axis < 1 ? Handed(node, 0) : null,
        "Gemm" => axis == 0 && node.Int("transA", 0) == 0 ? Handed(node, 0) : null,
        "Flatten" => axis == 0 && node.Int("axis", 1) == 1 ? Handed(node, 0) : null,
        "Transpose" => Handed(node, DataMovement.Permutation(node.Ints("perm"), y.Rank)[axis]),
        "Reshape" => Reshaped(node, axis),
        "Slice" => Untouched(node, axis, Numbers(node, 3)),
        "Pad" => Padded(node, axis),
        "MatMul" => axis < y.Rank - 1 && node.Input(1)?.Dims is { Length: 2 } ? Handed(node, axis) : null,
        "Split" => Untouched(node, axis, [node.Int("axis", 0)]),
        "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" =>
            node.Int("keepdims", 1) != 0 ? Untouched(node, axis, Numbers(node, 1)) : null,
        _ when ShapeInference.KeepsShape(node.OpType) && node.Outputs[0] == y => Handed(node, axis),
        _ => null,
    };

    private static (Value, int)? Handed(Node node, int axis) => node.Input(0) is { Dims: not null } x ? (x, axis) : null;

    private static long[]? Numbers(Node node, int input) => node.Input(input)?.Constant?.ToLongs();

    private static (Value, int)? Untouched(Node node, int axis, long[]? touched) =>
        touched is not null && node.Input(0) is { Dims: { } x } && !touched.Select(a => Shapes.Axis(a, x.Length)).Contains(axis) ? Handed(node, axis) : null;

    private static (Value, int)? Padded(Node node, int axis)
    {
        if (Numbers(node, 1) is not { } pads || node.Input(0) is not { Dims: { } x }) return null;
        var axes = Numbers(node, 3) ?? [.. Enumerable.Range(0, x.Length).Select(i => (long)i)];
        return Untouched(node, axis, [.. axes.Where((_, i) => pads[i] != 0 || pads[i + axes.Length] != 0)]);
    }

    /// <summary>The inputs that are open there; none where the rank of one is not known.</summary>
    private static List<(Value, int)> Broadcast(Node node, Value y, int axis)
    {
        var found = new List<(Value, int)>();
        foreach (var input in node.Inputs.OfType<Value>())
        {
            if (input.Dims is null) return [];
            var at = axis - (y.Rank - input.Rank);
            if (at >= 0 && input.Dims[at] < 0) found.Add((input, at));
        }

        return found;
    }

    private static (Value, int)? Reshaped(Node node, int axis)
    {
        if (node.Input(1) is not { } shape || ShapeArithmetic.Of(shape) is not { } target || axis >= target.Length) return null;
        if (target[axis].Source is { } source) return (source, target[axis].Axis);
        if (target[axis].Number == 0 && node.Int("allowzero", 0) == 0) return Handed(node, axis);
        // A -1 stands for the input's one open dimension when everything else has as many elements as before.
        if (target[axis].Number != -1 || node.Input(0)?.Dims is not { } x || x.Count(d => d < 0) != 1) return null;
        if (!target.Where((_, i) => i != axis).All(e => e.Number > 0)) return null;
        return Shapes.Count([.. x.Where(d => d >= 0)]) == Shapes.Count([.. target.Where((_, i) => i != axis).Select(e => e.Dim)])
            ? Handed(node, Array.IndexOf(x, Shapes.Unknown))
            : null;
    }
}

namespace OnnxViz.Graphs.Batching;

/// <summary>What becomes of the pictures of a batch on their way through a network.</summary>
internal enum BatchFate
{
    /// <summary>Each row of what is wanted is of one picture, in their order.</summary>
    Kept,

    /// <summary>They are mixed, lost among the positions, or their number is another one.</summary>
    Lost,

    /// <summary>They are all there, in their order, on another axis.</summary>
    Moved,

    /// <summary>A shape on the way is not known.</summary>
    Unknown,
}

/// <summary>
/// Follows the axis of the pictures through two copies of a network, one for twice as many pictures as the other: it is the
/// axis that has doubled. A reshape keeps the order of the elements, so the pictures must lie as deep behind it as before it.
/// </summary>
internal sealed class BatchAxes
{
    private static readonly HashSet<string> OnAnyAxis =
    [
        "ArgMax", "ArgMin", "Concat", "Dropout", "Einsum", "Expand", "Flatten", "GRU", "Gather", "Gemm", "LSTM", "LayerNormalization", "LogSoftmax",
        "MatMul", "Pad", "RNN", "Reshape", "Slice", "Softmax", "Split", "Squeeze", "Transpose", "Unsqueeze",
    ];

    private static readonly HashSet<string> Measuring = ["Shape", "Size"];

    private readonly Graph _model;
    private readonly IReadOnlyDictionary<Value, Value> _single, _double;
    private readonly long _rows;

    /// <summary>Of each value that has the pictures: on which axis, and how many groups of them are on it one behind the other.</summary>
    private readonly Dictionary<Value, (int Axis, long Groups)> _places = [];

    private readonly HashSet<Value> _unknown = [];

    private BatchAxes(Graph model, IReadOnlyDictionary<Value, Value> single, IReadOnlyDictionary<Value, Value> twice, long rows) =>
        (_model, _single, _double, _rows) = (model, single, twice, rows);

    /// <param name="model">The network.</param>
    /// <param name="input">Its pictures, on axis 0.</param>
    /// <param name="wanted">What is asked about.</param>
    /// <param name="single">For each of its values the counterpart for some pictures.</param>
    /// <param name="twice">The same for twice as many.</param>
    /// <param name="rows">How many pictures the first copy is for.</param>
    /// <returns>What becomes of them, and where they are lost or moved the first value of the model that has them no more where they were.</returns>
    public static (BatchFate Fate, Value? LostIn) Follow(
        Graph model, Value input, IReadOnlyList<Value> wanted, IReadOnlyDictionary<Value, Value> single, IReadOnlyDictionary<Value, Value> twice, long rows)
    {
        var axes = new BatchAxes(model, single, twice, rows);
        axes._places[input] = (0, 1);
        foreach (var node in model.NodesFor(wanted))
            if (axes.LostIn(node) is { } lost) return (BatchFate.Lost, lost);
        var elsewhere = wanted.FirstOrDefault(v => axes._places.TryGetValue(v, out var place) && place is not (0, 1));
        if (elsewhere is not null) return (axes._places[elsewhere].Groups == 1 ? BatchFate.Moved : BatchFate.Lost, elsewhere);
        return (wanted.Any(axes._unknown.Contains) ? BatchFate.Unknown : BatchFate.Kept, null);
    }

    /// <returns>The result of a node that the pictures do not come through to; null where they do.</returns>
    private Value? LostIn(Node node)
    {
        if (node.Domain.Length == 0 && Measuring.Contains(node.OpType)) return null;
        var carriers = node.Needs().Where(_places.ContainsKey).Distinct().ToList();
        var isOpen = node.Needs().Any(_unknown.Contains);
        if (carriers.Count == 0 && !isOpen) return null;
        foreach (var output in node.Outputs)
        {
            if (!_single.TryGetValue(output, out var one) || !_double.TryGetValue(output, out var two)) continue;
            if (!one.HasStaticShape || !two.HasStaticShape)
            {
                _unknown.Add(output);
                continue;
            }

            if (one.Rank != two.Rank) return output;
            int[] changed = [.. Enumerable.Range(0, one.Rank).Where(i => one.Dims![i] != two.Dims![i])];
            if (changed is not [var axis] || two.Dims![axis] != 2 * one.Dims![axis]) return output;
            if (carriers.Count == 0) _places[output] = (axis, 1);
            else if (Groups(node, carriers, one.Dims!, axis) is { } groups) _places[output] = (axis, groups);
            else return output;
        }

        return null;
    }

    /// <summary>How many groups of pictures are on an axis of a node's output; null where they are mixed.</summary>
    private long? Groups(Node node, List<Value> carriers, long[] dims, int axis)
    {
        var (before, groups) = _places[carriers[0]];
        if (carriers.Exists(c => _places[c].Groups != groups)) return null;
        if (node is { OpType: "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze", Domain: "" })
        {
            var source = _single[carriers[0]].Dims!;
            var all = Shapes.Count(source.AsSpan(0, before)) * groups;
            var outer = Shapes.Count(dims.AsSpan(0, axis));
            return outer > 0 && all % outer == 0 && dims[axis] % (all / outer * _rows) == 0 ? all / outer : null;
        }

        if (node is { OpType: "Concat", Domain: "" } && Shapes.Axis(node.Int("axis", 0), dims.Length) == axis) return null;
        if (axis == 0 && before == 0) return groups;
        if (node.Domain.Length > 0 || !(OnAnyAxis.Contains(node.OpType) || node.Is(OperatorNature.Elementwise) || node.Is(OperatorNature.Reduction))) return null;
        return Normalizes(node, dims.Length, axis) ? null : groups;
    }

    private bool Normalizes(Node node, int rank, int axis) => node.OpType switch
    {
        "Softmax" or "LogSoftmax" when _model.Opset < 13 => axis >= Shapes.Axis(node.Int("axis", 1), rank),
        "Softmax" or "LogSoftmax" => axis == Shapes.Axis(node.Int("axis", -1), rank),
        "LayerNormalization" => axis >= Shapes.Axis(node.Int("axis", -1), rank),
        _ => false,
    };
}

namespace OnnxViz.Graphs.Batching;

/// <summary>
/// The number of pictures that a network was exported with, where its graph holds it: in the target of a Reshape, the sizes of
/// a Resize, or because [N, C, H, W] became [1, C, N * H * W]. Found by comparing the shapes for one number of pictures and for twice as many.
/// </summary>
internal static class BakedBatch
{
    /// <summary>What begins with more is no number of pictures.</summary>
    private const long Largest = 1024;

    /// <summary>The network is copied twice for each.</summary>
    private const int MostCandidates = 16;

    /// <summary>Nodes from a shape to where its first number stands.</summary>
    private const int LongestWay = 64;

    private static readonly HashSet<string> Plain =
    [
        "AveragePool", "BatchNormalization", "Conv", "ConvTranspose", "DepthToSpace", "DequantizeLinear", "Dropout", "GlobalAveragePool", "GlobalMaxPool",
        "InstanceNormalization", "LRN", "MaxPool", "QuantizeLinear", "SpaceToDepth", "Upsample",
    ];

    private static readonly HashSet<string> Shaping = ["ConstantOfShape", "Expand", "Reshape", "Resize"];

    /// <param name="model">The network.</param>
    /// <param name="input">Its pictures, on axis 0.</param>
    /// <param name="wanted">What is computed of it.</param>
    /// <param name="copy">The network for a number of pictures: for each of its values the counterpart; null where its shapes do not fit together.</param>
    /// <param name="run">The dimensions that a run for a number of pictures gives a value; null where it fails.</param>
    /// <returns>How many pictures one copy of the network takes; null for any number.</returns>
    public static int? Of(Graph model, Value input, IReadOnlyList<Value> wanted, Func<long, IReadOnlyDictionary<Value, Value>?> copy,
        Func<long, Value, long[]?> run)
    {
        var nodes = model.NodesFor(wanted);
        if (nodes.TrueForAll(IsPlain)) return null;
        int? possible = null;
        foreach (var rows in Candidates(nodes, input, wanted).Distinct().Take(MostCandidates))
        {
            if (copy(rows) is not { } single) continue;
            var (fate, lostIn) = copy(2 * rows) is { } twice ? BatchAxes.Follow(model, input, wanted, single, twice, rows) : (BatchFate.Lost, null);
            if (fate == BatchFate.Kept) return null;
            if (fate == BatchFate.Unknown) return input.Dims![0] < 0 && wanted.All(value => IsKept(run(rows, value), run(2 * rows, value))) ? null : (int)rows;
            // As many steps of a recurrence as there are pictures: these are on a later axis.
            if (fate == BatchFate.Moved && rows > 1) continue;
            // Shapes can fit for fewer pictures than the graph is for: then these come out as more.
            if (lostIn is null ? wanted.All(IsOfThem) : IsOfThem(lostIn)) return (int)rows;
            possible ??= (int)rows;

            bool IsOfThem(Value value) => single[value] is not { Constant: null, Dims: [var first, ..] } || first == rows;
        }

        return possible;
    }

    /// <summary>Twice as many pictures have twice as many rows, and all else is as it was.</summary>
    private static bool IsKept(long[]? single, long[]? twice) =>
        single is [var one, ..] && twice is [var two, ..] && two == 2 * one && single.AsSpan(1).SequenceEqual(twice.AsSpan(1));

    /// <summary>Whether the graph may hold a number of pictures other than one.</summary>
    public static bool MayBeSeveral(Graph model, Value input, IReadOnlyList<Value> wanted) =>
        Candidates(model.NodesFor(wanted), input, wanted).Any(rows => rows > 1);

    /// <summary>The declared number of pictures, one, and what shapes in the graph begin with.</summary>
    private static IEnumerable<long> Candidates(List<Node> nodes, Value input, IReadOnlyList<Value> wanted)
    {
        if (input.Dims![0] > 0) yield return input.Dims[0];
        yield return 1;
        foreach (var value in wanted)
            if (value.Dims is [> 1 and <= Largest, _, ..]) yield return value.Dims[0];
        foreach (var node in nodes)
            if (node.Domain.Length == 0 && Shaping.Contains(node.OpType) && First(node.Inputs.LastOrDefault()) is > 1 and <= Largest and var first) yield return first;
    }

    /// <summary>The first number of a shape, where it is known.</summary>
    private static long? First(Value? value)
    {
        for (var steps = 0; steps < LongestWay && value is { Constant: null, Producer: { OpType: "Concat" or "Cast" or "Identity" or "Unsqueeze", Domain: "" } node }; steps++) value = node.Input(0);
        return Own(value);
    }

    private static long? Own(Value? value) => value switch
    {
        null => null,
        { Constant: { } known } => Number(known),
        { Producer: { OpType: "Constant", Domain: "" } node } when node.Has("value") => node.Tensor("value") is { } known ? Number(known) : null,
        { Producer: { OpType: "Constant", Domain: "" } node } when node.Has("value_ints") => node.Ints("value_ints") is [var number, ..] ? number : null,
        _ => null,
    };

    private static long? Number(Tensor known) => known is { Type: ElementType.Int64 or ElementType.Int32, Count: > 0 and < 16 } ? known.ToLongs()[0] : null;

    /// <summary>Whether an operator takes any number of pictures, whatever its sizes.</summary>
    private static bool IsPlain(Node node)
    {
        if (node.Domain.Length > 0) return false;
        if (node.OpType == "Constant") return true;
        if (node.Is(OperatorNature.Elementwise)) return node.Inputs.All(x => First(x) is null && x is not { Constant.Dims: [> 1, _] or [> 1, _, _, _] });
        return node.OpType switch
        {
            "Concat" => node.Int("axis", 0) > 0,
            "Flatten" => node.Int("axis", 1) == 1,
            "Gemm" => node.Int("transA", 0) == 0,
            "MatMul" => node.Input(1)?.Constant is not null,
            "Reshape" => First(node.Input(1)) is -1 or 0 && node.Int("allowzero", 0) == 0,
            "Softmax" or "LogSoftmax" => node.Int("axis", 1) == 1,
            "Transpose" => node.Ints("perm") is [0, ..],
            _ => Plain.Contains(node.OpType),
        };
    }
}

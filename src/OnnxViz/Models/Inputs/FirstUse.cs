namespace OnnxViz.Models.Inputs;

/// <summary>How a graph itself takes an input: what its first convolution, recurrence or product with weights says of the axes.</summary>
/// <param name="Axes">Their order.</param>
/// <param name="Channels">Read off the weights; null where it cannot be.</param>
/// <param name="By">Whose weights say so.</param>
internal sealed record FirstUse(InputAxes Axes, int? Channels, Node By)
{
    /// <summary>Nodes that are looked at: the first use comes early or not at all.</summary>
    private const int Most = 256;

    private const int New = -1;

    /// <returns>Null where the graph does not tell.</returns>
    public static FirstUse? Of(Graph graph, Value input) => Search(graph, input, Found);

    /// <summary>Whether the graph adds the axis of pictures, which the input lacks, before its first convolution.</summary>
    public static bool AddsBatch(Graph graph, Value input) =>
        Search<object>(graph, input, (node, value, path) => !IsConvolution(node, value) ? null : path.Axes is [New, .. var own] && !own.Contains(New)) is true;

    private static T? Search<T>(Graph graph, Value input, Func<Node, Value, AxisPath, T?> found)
        where T : class
    {
        var consumers = graph.Nodes.SelectMany(n => n.Inputs.OfType<Value>().Distinct().Select(v => (Value: v, Node: n))).ToLookup(p => p.Value, p => p.Node);
        var open = new Queue<(Value Value, AxisPath Path)>([(input, new AxisPath(input.Dims is { } dims ? [.. Enumerable.Range(0, dims.Length)] : null, input.Dims, true))]);
        var seen = new HashSet<Node>();
        while (open.TryDequeue(out var at))
        {
            foreach (var node in consumers[at.Value])
            {
                if (seen.Count >= Most || !seen.Add(node)) continue;
                if (found(node, at.Value, at.Path) is { } answer) return answer;
                if (at.Path.Through(node, at.Value) is not { } next) continue;
                foreach (var output in node.Outputs) open.Enqueue((output, next));
            }
        }

        return null;
    }

    private static bool IsConvolution(Node node, Value value) => node.OpType is "Conv" or "FusedConv" or "ConvInteger" or "QLinearConv" && node.Input(0) == value;

    private static FirstUse? Found(Node node, Value value, AxisPath path)
    {
        switch (node.OpType)
        {
            case var _ when IsConvolution(node, value) && Weight(node, node.OpType == "QLinearConv" ? 3 : 1) is { Length: >= 3 } w:
                return Of(node, path, w.Length, w[1] * node.Int("group", 1));
            case "LSTM" or "GRU" or "RNN" when node.Input(0) == value && path.Axes is null or [not 0, 0, ..] && Weight(node, 1) is [_, _, var size]:
                return path.Axes is [var t, var n, var c] ? Of([n, c, t], path.IsWhole ? size : null, node) : null;
            case "MatMul" or "Gemm" when node.Input(0) == value && Weight(node, 1) is [var rows, var columns]:
                var taken = node.OpType == "Gemm" && node.Int("transB", 0) != 0 ? columns : rows;
                return path.Axes is null or [0, 1] && path.IsWhole ? new FirstUse(InputAxes.Nt, 1, node) with { Samples = taken }
                    : path.Axes is [0, 1, 2] && taken <= InputChoice.MostChannels ? Of([0, 2, 1], taken, node) : null;
            default:
                return null;
        }
    }

    /// <summary>Samples that a product with weights takes; null for others.</summary>
    public long? Samples { get; private init; }

    private static FirstUse? Of(Node node, AxisPath path, int rank, long channels)
    {
        var axes = path.Axes ?? [.. Enumerable.Range(0, rank)];
        return axes.Length == rank ? Of(axes, path.IsWhole ? channels : null, node) : null;
    }

    /// <param name="axes">For [N, C, positions...] the axis of the input, -1 where it has none.</param>
    /// <param name="channels">As the weights have them.</param>
    /// <param name="node">Whose weights they are.</param>
    private static FirstUse? Of(int[] axes, long? channels, Node node)
    {
        int[] positions = [.. axes[2..].Where(a => a != New)];
        if (axes[0] != 0 || positions.Length is 0 or > 3) return null;
        var letters = new char[axes.Count(a => a != New)];
        var names = positions.Length == 1 ? "t" : "dhw"[^positions.Length..];
        if (Array.Exists(axes, a => a >= letters.Length)) return null;
        letters[0] = 'n';
        if (axes[1] != New) letters[axes[1]] = 'c';
        foreach (var (i, axis) in positions.Index()) letters[axis] = names[i];
        return AxisLetters.Of(new string(letters)) is { } order ? new FirstUse(order, axes[1] == New ? 1 : (int?)channels, node) : null;
    }

    /// <summary>Dimensions of a weight, of quantised ones too; null where it is none.</summary>
    private static long[]? Weight(Node node, int input)
    {
        var value = node.Input(input);
        while (value is { Constant: null, Producer: { OpType: "DequantizeLinear" or "Identity" or "Cast" or "QuantizeLinear" } before }) value = before.Input(0);
        return value?.Constant?.Dims;
    }

}

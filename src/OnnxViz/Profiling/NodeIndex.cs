namespace OnnxViz.Profiling;

/// <summary>
/// Which node of a graph one of ONNX Runtime's optimised graph came from, by its name: "relu1_1_nchwc" computes the value
/// relu1_1 in blocks of channels, what other rewrites leave has the old name in front.
/// </summary>
internal sealed class NodeIndex
{
    private const string Blocked = "_nchwc";

    private readonly Dictionary<string, NodeFacts> _byName = [];
    private readonly Dictionary<string, NodeFacts> _byValue = [];

    public NodeIndex(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            var facts = NodeFacts.Of(node, node.Input(0) is { } input ? _byValue.GetValueOrDefault(input.Name) : null);
            _byName.TryAdd(node.Name, facts);
            foreach (var output in node.Outputs) _byValue.TryAdd(output.Name, facts);
        }
    }

    /// <summary>Null for a node of ONNX Runtime's own.</summary>
    public NodeFacts? Find(string name, string op)
    {
        if (IsLayout(op)) return null;
        var found = name.EndsWith(Blocked, StringComparison.Ordinal) ? _byValue.GetValueOrDefault(name[..^Blocked.Length]) : _byName.GetValueOrDefault(name);
        for (var end = name.Length; found is null && end > 0; end = name.LastIndexOfAny(['/', '_'], end - 1))
            found = _byName.GetValueOrDefault(name[..end]) ?? _byValue.GetValueOrDefault(name[..end]);
        // An activation that was fused into what it follows, which is what the time goes to.
        for (var (before, steps) = (found, 0); before is not null && steps < 3; (before, steps) = (before.Before, steps + 1))
            if (IsOf(op, before.Operator)) return before;
        return found;
    }

    /// <summary>Nodes that only bring data into another order in memory, between blocks of channels and planes.</summary>
    public static bool IsLayout(string op) => op is "ReorderInput" or "ReorderOutput";

    private static bool IsOf(string op, string ours) => op == ours || (op.StartsWith("Fused", StringComparison.Ordinal) && op[5..] == ours);
}

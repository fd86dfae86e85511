namespace OnnxViz.Profiling;

/// <summary>
/// Which layer of the user's model a node works for. A node keeps its name on its way into our graphs, what it is rewritten
/// into has that name and a slash in front, and what takes its gradient "gradient/" before that. Nodes of ours belong to
/// what they are for: preprocess, objective, optimizer.
/// </summary>
internal sealed class LayerNames
{
    /// <summary>Where time goes that is spent on bringing data into another order in memory.</summary>
    public const string Layout = "(layout)";

    /// <summary>Nodes that ONNX Runtime put in and that bear no name of ours.</summary>
    public const string Foreign = "(ONNX Runtime)";

    /// <summary>Nodes of ours that nothing names.</summary>
    public const string Other = "(other)";

    private const string Gradient = "gradient/";

    private static readonly char[] Digits = [.. "0123456789"];

    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<string, string> _known = [];

    /// <summary>Takes the names of a model; of one whose nodes are called like those of a model before, as those of another checkpoint are, they are not asked for.</summary>
    /// <param name="nodes">All its nodes.</param>
    /// <param name="names">Those that deliver layers, with what the layers are called.</param>
    public void Add(IReadOnlyCollection<string> nodes, Func<IEnumerable<(string Node, string Layer)>> names)
    {
        if (nodes.All(_seen.Contains)) return;
        _seen.UnionWith(nodes);
        foreach (var (node, layer) in names()) _known.TryAdd(node, layer);
    }

    /// <summary>The layer, and whether the node takes its gradient.</summary>
    public (string Layer, bool IsGradient) Of(NodeTotals node)
    {
        if (NodeIndex.IsLayout(node.Operator)) return (Layout, false);
        if (node.Facts is null) return (Foreign, false);
        var name = node.Facts.Name;
        var isGradient = name.StartsWith(Gradient, StringComparison.Ordinal);
        return (Layer(isGradient ? name[Gradient.Length..] : name), isGradient);
    }

    private string Layer(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOfAny(['/', '_'], end - 1))
            if (_known.TryGetValue(name[..end], out var layer)) return layer;
        var slash = name.LastIndexOf('/');
        var scope = slash > 0 ? name[..slash] : name;
        // What is called after its operator, and perhaps a number, was given no name.
        return OperatorTraits.Of(scope.TrimEnd(Digits).TrimEnd('_')).Name.Length > 0 ? Other : scope;
    }
}

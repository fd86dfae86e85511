using OnnxViz.Autodiff;

namespace OnnxViz.Check;

/// <summary>
/// Copies a graph so that its activation pattern is an input of the copy: near the point that the pattern was taken at,
/// the copy is the same function, and everywhere it is as smooth as what lies between the kinks. Differences of a deep
/// ReLU network, of which nearly every step crosses kinks, mean something again.
/// </summary>
internal sealed class FrozenCopy
{
    private readonly Dictionary<Value, Value> _live = [];
    private readonly Dictionary<Value, Value> _held = [];
    private int _parts;

    /// <param name="point">The graph; what makes up the pattern becomes outputs of it.</param>
    /// <param name="image">Its input.</param>
    /// <param name="layers">What the copy computes.</param>
    public FrozenCopy(GraphBuilder point, Value image, IReadOnlyList<Value> layers)
    {
        Point = point;
        Frozen = new GraphBuilder("frozen", point.Graph.Opset);
        _live[image] = Frozen.Input(image.Name, image.Type, image.StaticDims());
        var path = Backpropagation.Path(point.Graph.Nodes, [image], new HashSet<Value>());
        foreach (var node in point.Graph.NodesFor(layers))
            if (Array.Exists(node.Outputs, path.Contains)) Copy(node, path);
        for (var i = 0; i < layers.Count; i++)
        {
            Point.Output(OutputName(i), layers[i]);
            Frozen.Output(OutputName(i), Counterpart(layers[i]));
        }
    }

    public GraphBuilder Point { get; }

    public GraphBuilder Frozen { get; }

    /// <summary>How many values make up the pattern.</summary>
    public int Parts => _parts;

    /// <summary>What holds a part of the pattern: an output of the one graph and an input of the other.</summary>
    public static string PatternName(int part) => $"pattern/{part}";

    public static string OutputName(int layer) => $"layer/{layer}";

    /// <summary>The value in the copy: computed there, or held.</summary>
    public Value Counterpart(Value value) => _live.GetValueOrDefault(value) ?? Hold(value);

    public Value Hold(Value value)
    {
        if (_held.TryGetValue(value, out var known)) return known;
        if (value.Constant is { } constant) return _held[value] = Frozen.Constant(constant, value.Name);
        var name = PatternName(_parts++);
        Point.Output(name, value);
        return _held[value] = Frozen.Input(name, value.Type, value.StaticDims());
    }

    private void Copy(Node node, HashSet<Value> path)
    {
        if (node.Domain.Length == 0 && FrozenRules.Rows.TryGetValue(node.OpType, out var rule))
        {
            using var scope = Frozen.Scope(node.Name);
            _live[node.Outputs[0]] = rule(new FrozenContext(this, node));
            return;
        }

        // What is no real number jumps when it changes, and is held as it is; a quantised tensor is one by now.
        var isLive = node.Inputs.Where((x, i) => x is not null && _live.ContainsKey(x) && !GradientRules.Stops(node, i)).Any();
        if (!isLive || !Array.Exists(node.Outputs, IsReal)) return;
        var inputs = node.Inputs.Select((x, i) => x is null ? null : GradientRules.Stops(node, i) ? Hold(x) : Counterpart(x)).ToArray();
        var outputs = Frozen.Node(node.OpType, inputs, node.Attributes, node.Outputs.Length, node.Name, node.Domain);
        for (var i = 0; i < outputs.Length; i++)
            if (IsReal(node.Outputs[i])) _live[node.Outputs[i]] = outputs[i];

        bool IsReal(Value y) => y.Type.IsFloating() || (node.OpType != "Cast" && node.Input(0) is { } x && _live.ContainsKey(x) && x.Type == y.Type);
    }
}

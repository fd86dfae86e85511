using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Check;

/// <summary>
/// One node of a network by itself, with its compiled gradient, both ready to run on the inputs that it has in the
/// network. Where the gradient table recognises a pattern of several nodes, such as x * sigmoid(x), all of them.
/// </summary>
internal sealed class NodeProbe : IDisposable
{
    private const int LargestPattern = 4;

    private readonly List<Node> _nodes;
    private readonly int _opset;
    private readonly HashSet<Value> _path;
    private Session? _forward;
    private Session? _gradient;
    private CancellationToken _token;

    /// <param name="node">The node.</param>
    /// <param name="opset">Version of the standard operators in its graph.</param>
    /// <param name="path">What depends on the picture through differentiable inputs.</param>
    public NodeProbe(Node node, int opset, HashSet<Value> path)
    {
        (Node, _opset, _path, _nodes) = (node, opset, path, [node]);
        while (_nodes.Count < LargestPattern && Activations.KeyOf(Copy(new GraphBuilder(opset: opset)).Last) != Key)
        {
            var before = _nodes.SelectMany(n => n.Inputs).OfType<Value>().Select(x => x.Producer).OfType<Node>().Except(_nodes).Distinct().ToList();
            if (before.Count == 0) break;
            _nodes.InsertRange(0, before);
        }

        Inputs = [.. _nodes.SelectMany(n => n.Inputs).OfType<Value>().Distinct().Where(x => x.Constant is null && !(x.Producer is { } p && _nodes.Contains(p)))];
        Targets = [.. Inputs.Where(x => path.Contains(x) && x.Type.IsFloating())];
        Outputs = [.. node.Outputs.Where(y => path.Contains(y) && y.Type.IsFloating())];
    }

    public Node Node { get; }

    /// <summary>The row of the gradient table.</summary>
    public string Key => Activations.KeyOf(Node);

    /// <summary>What is fed: the node's inputs but for constants.</summary>
    public IReadOnlyList<Value> Inputs { get; }

    /// <summary>Those of them that gradients are taken for.</summary>
    public IReadOnlyList<Value> Targets { get; }

    /// <summary>Those of the node's outputs that a gradient comes from.</summary>
    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>Whether there is a derivative at all: rounding to a grid passes gradients by convention.</summary>
    public bool IsDifferentiable => Targets.Count > 0 && Outputs.Count > 0 && !_nodes.Exists(n => n.Is(OperatorNature.Quantization));

    /// <summary>Nodes with the same text differ in their numbers only.</summary>
    public string Signature => string.Join(
        '|',
        Node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Text(a.Value)}")
            .Prepend(Key)
            .Concat(_nodes.SelectMany(n => n.Inputs).Select(x => x is null ? "-" : $"{(x.Constant is null ? "" : "const ")}{x.Type}{Shapes.Text(x.Dims)}"))
            .Append(string.Join(',', Targets.Select(t => Array.IndexOf([.. Inputs], t)))));

    /// <summary>Makes both graphs ready, for runs that the token ends.</summary>
    /// <exception cref="OnnxVizException">There is no rule, or ONNX Runtime refuses a graph.</exception>
    public void Open(GradientRules rules, RuntimeOptions runtime, CancellationToken token = default)
    {
        _token = token;
        var forward = new GraphBuilder(opset: _opset);
        var (map, _) = Copy(forward);
        foreach (var (i, y) in Outputs.Index()) forward.Output($"y{i}", map[y]);
        _forward = new Session(forward.Build(), runtime);

        var gradient = new GraphBuilder(opset: _opset);
        (map, _) = Copy(gradient);
        var seeds = Outputs.Index().ToDictionary(y => map[y.Item], y => gradient.Input($"dy{y.Index}", y.Item.Type, y.Item.StaticDims()));
        // An input that gets no gradient has the gradient 0, and it is the differences that say whether this is right.
        foreach (var x in Targets) seeds.TryAdd(map[x], gradient.Cast(gradient.Scalar(0), x.Type));
        var gradients = Backpropagation.Gradients(gradient, seeds, [.. Targets.Select(x => map[x])], rules);
        foreach (var (i, dx) in gradients.Index()) gradient.Output($"dx{i}", dx);
        _gradient = new Session(gradient.Build(), runtime);
    }

    /// <summary>The outputs for these inputs, in the order of <see cref="Inputs"/>.</summary>
    public float[][] Run(IReadOnlyList<Tensor> inputs)
    {
        var results = _forward!.Run(Named("x", inputs), _token);
        return [.. Outputs.Select((_, i) => results[$"y{i}"].ToFloats())];
    }

    /// <summary>The gradient of the outputs' product with the seeds, for every target.</summary>
    public float[][] Gradients(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> seeds)
    {
        var results = _gradient!.Run(Named("x", inputs).Concat(Named("dy", seeds)).ToDictionary(), _token);
        return [.. Targets.Select((x, i) => results[$"dx{i}"] is var dx && dx.Count == Shapes.Count(x.Dims) ? dx.ToFloats() : new float[Shapes.Count(x.Dims)])];
    }

    public void Dispose()
    {
        _forward?.Dispose();
        _gradient?.Dispose();
    }

    private static Dictionary<string, Tensor> Named(string name, IReadOnlyList<Tensor> tensors) =>
        tensors.Index().ToDictionary(t => $"{name}{t.Index}", t => t.Item);

    private static string Text(object attribute) => attribute is System.Collections.IEnumerable many and not string
        ? string.Join(',', many.Cast<object>())
        : $"{attribute}";

    private (Dictionary<Value, Value> Map, Node Last) Copy(GraphBuilder builder)
    {
        var map = new Dictionary<Value, Value>();
        var next = 0;
        foreach (var x in Inputs ?? [.. _nodes.SelectMany(n => n.Inputs).OfType<Value>().Distinct()])
            if (x.Constant is null && !(x.Producer is { } p && _nodes.Contains(p))) map[x] = builder.Input($"x{next++}", x.Type, x.StaticDims());
        foreach (var node in _nodes)
        {
            var inputs = Array.ConvertAll(node.Inputs, x => x is null ? null : x.Constant is { } constant ? builder.Constant(constant, x.Name) : map[x]);
            var outputs = builder.Node(node.OpType, inputs, node.Attributes, node.Outputs.Length, node.Name, node.Domain, fold: false);
            for (var i = 0; i < outputs.Length; i++) map[node.Outputs[i]] = outputs[i];
        }

        return (map, builder.Graph.Nodes[^1]);
    }
}

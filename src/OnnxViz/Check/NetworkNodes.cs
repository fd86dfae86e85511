using OnnxViz.Autodiff;
using OnnxViz.Models.Batches;

namespace OnnxViz.Check;

/// <summary>The nodes that a gradient passes on its way from some layers to the picture, and their inputs at a point.</summary>
internal sealed class NetworkNodes
{
    /// <summary>What the inputs of nodes that are checked together may take.</summary>
    private const double MostBytes = 256L << 20;

    private readonly VisionModel _model;
    private readonly long[] _dims;
    private readonly Value[] _layers;
    private readonly ShapedModel _forward;

    public NetworkNodes(VisionModel model, long[] dims, Value[] layers)
    {
        (_model, _dims, _layers) = (model, dims, layers);
        _forward = ShapedModel.Start(model, dims, layers);
        var graph = _forward.Builder.Graph;
        var path = Backpropagation.Path(graph.Nodes, [_forward.Input], new HashSet<Value>());
        Probes = [.. graph.NodesFor(layers.Select(l => _forward[l])).Where(OnPath).Select(n => new NodeProbe(n, graph.Opset, path))];

        bool OnPath(Node node) => node.Inputs.Where((x, i) => x is not null && path.Contains(x) && !GradientRules.Stops(node, i)).Any();
    }

    /// <summary>One for each node, in the order of the graph.</summary>
    public IReadOnlyList<NodeProbe> Probes { get; }

    /// <param name="check">What is done with each.</param>
    /// <param name="image">The point, [1, ...].</param>
    /// <param name="every">Every node, or one of those that differ in nothing but their numbers.</param>
    /// <param name="runtime">Where the network runs.</param>
    /// <param name="report">Is told the share done and the node that is next.</param>
    /// <param name="token">Ends the network's runs.</param>
    public IReadOnlyList<NodeResult> Check(NodeCheck check, Tensor image, bool every, RuntimeOptions runtime, Action<double, string> report, CancellationToken token = default)
    {
        var chosen = every ? Probes : [.. Probes.DistinctBy(p => p.Signature)];
        var room = BatchPlan.For(runtime.Device).Room(MostBytes);
        var results = new List<NodeResult>();
        while (results.Count < chosen.Count)
        {
            var together = Together(chosen, results.Count, room);
            var values = Values(together, image, runtime, token);
            foreach (var probe in together)
            {
                report((double)results.Count / chosen.Count, probe.Node.Name);
                results.Add(check.Check(probe, [.. probe.Inputs.Select(x => values[x])], results.Count));
                probe.Dispose();
            }
        }

        return results;
    }

    private static List<NodeProbe> Together(IReadOnlyList<NodeProbe> probes, int first, long room)
    {
        var inputs = new HashSet<Value>();
        var bytes = 0L;
        return [.. probes.Skip(first).TakeWhile(probe =>
        {
            bytes += probe.Inputs.Where(inputs.Add).Sum(x => Shapes.Count(x.StaticDims()) * x.Type.Size());
            return bytes <= room || probe == probes[first];
        })];
    }

    /// <summary>What the nodes are given when the network sees the image.</summary>
    private Dictionary<Value, Tensor> Values(List<NodeProbe> probes, Tensor image, RuntimeOptions runtime, CancellationToken token)
    {
        // Copying a graph again gives the same nodes in the same order.
        var copy = ShapedModel.Start(_model, _dims, _layers);
        var counterparts = _forward.Builder.Graph.Values().Zip(copy.Builder.Graph.Values()).ToDictionary(p => p.First, p => p.Second);
        var wanted = probes.SelectMany(p => p.Inputs).Distinct().ToArray();
        var outputs = wanted.Select((x, i) => (Value: x, Name: copy.Builder.Output($"value/{i}", counterparts[x]).Name)).ToArray();
        using var session = new Session(copy.Builder.Build(), runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [copy.Input.Name] = image }, token);
        return outputs.ToDictionary(o => o.Value, o => results[o.Name]);
    }
}

using OnnxViz.Graphs.Naming;

namespace OnnxViz.Training;

/// <summary>Makes any model a network to train, with a new head where it tells other classes apart.</summary>
internal static class FineTuning
{
    /// <summary>Trains the linear layers behind the last convolution, or whatever else gives the scores.</summary>
    public const string Classifier = "classifier";

    /// <summary>Trains every weight.</summary>
    public const string All = "all";

    /// <param name="model">Becomes the network: its graph is changed, and nothing else may use it afterwards. Stays open as long as the network is used.</param>
    /// <param name="trainLayers">
    /// <see cref="Classifier"/>, <see cref="All"/>, or names of layers or weights, separated by commas, in which * stands for anything. A new head is trained always.
    /// </param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="seed">Of the new head's weights.</param>
    /// <exception cref="OnnxVizException">The model has nothing that could be a head, or no layer of that name.</exception>
    public static TrainableNetwork From(VisionModel model, string trainLayers, int classes, ulong seed)
    {
        var graph = model.Graph;
        OpenBatch(model);
        var head = NewHead.On(model, classes, seed);
        // Other outputs may need what the new head no longer gives.
        var kept = graph.Cut([head.Output]);
        var weights = NetworkWeights.Of(kept.NodesFor([head.Scores]));
        var chosen = Chosen(model, weights, head, trainLayers);
        if (chosen.Count == 0)
            throw OnnxVizException.BadArgument("TrainLayers", $"{trainLayers}: no layer or weight of {model.Name} is called so. Its weights: {Shortened(weights.Select(w => w.Name))}.", Fault.Input);
        kept = Widen(kept, chosen);
        var buffers = chosen.Where(w => w.Node.OpType == "BatchNormalization" && w.Input == 1)
            .SelectMany(w => new[] { 3, 4 }.Select(i => new Parameter(w.Node.Required(i).Name, w.Node.Required(i), IsBuffer: true)));
        var parameters = chosen.Select(w => new Parameter(w.Name, w.Value)).Concat(buffers).DistinctBy(p => p.Value).ToList();
        return new TrainableNetwork(model.Name, kept, model.Input, head.Scores, model.Conventions, parameters);
    }

    /// <summary>Weights that are stored in half precision are stored as what they are used as: training moves them by less than half precision tells apart.</summary>
    private static Graph Widen(Graph graph, IEnumerable<NetworkWeight> weights)
    {
        var narrow = weights.Select(w => w.Value).Where(v => v.Type != ElementType.Float).ToHashSet();
        if (narrow.Count == 0) return graph;
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] is { Producer: { OpType: "Cast" } cast } && narrow.Contains(cast.Required(0))) node.Inputs[i] = cast.Required(0);
            }
        }

        foreach (var value in narrow) (value.Type, value.Constant) = (ElementType.Float, Tensor.Of(value.Constant!.ToFloats(), value.Constant.Dims));
        return graph.Cut(graph.Outputs);
    }

    private static IReadOnlyList<NetworkWeight> Chosen(VisionModel model, IReadOnlyList<NetworkWeight> weights, NewHead head, string trainLayers)
    {
        if (trainLayers.Equals(All, StringComparison.OrdinalIgnoreCase)) return weights;
        var behind = LayersOfClassifier(head.Scores);
        if (trainLayers.Equals(Classifier, StringComparison.OrdinalIgnoreCase)) return [.. weights.Where(w => behind.Contains(w.Node))];
        var patterns = trainLayers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var named = weights.Where(w => Names(model, w).Any(name => patterns.Any(p => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(p, name)))).ToList();
        return named.Count == 0 ? named : [.. weights.Where(w => named.Contains(w) || (head.IsNew && w.Node == head.Node))];
    }

    private static IEnumerable<string> Names(VisionModel model, NetworkWeight weight)
    {
        yield return weight.Name;
        foreach (var output in weight.Node.Outputs)
            foreach (var name in model.Layers.Of(output)?.Names() ?? [])
                yield return name;
    }

    /// <summary>From the scores back through linear layers, what stands between them, and one layer of another kind where there is no other.</summary>
    private static HashSet<Node> LayersOfClassifier(Value scores)
    {
        var layers = new HashSet<Node>();
        for (var value = scores; value.Producer is { } node; value = node.Inputs.First(i => i is not null && ParameterNames.Source(i).Constant is null)!)
        {
            var isMatrix = node.OpType is "Gemm" or "MatMul" && HasOneInput(node);
            if (isMatrix || (layers.Count == 0 && node.Traits.Weights.Length > 0) || (node.OpType == "Add" && HasOneInput(node))) layers.Add(node);
            else if (!HasOneInput(node) || !(node.Is(OperatorNature.KeepsValues) || node.Is(OperatorNature.Activation) || node.OpType is "Dropout" or "GlobalAveragePool" or "ReduceMean" or "AveragePool") || layers.Any(l => l.OpType == "Conv")) break;
        }

        return layers;

        static bool HasOneInput(Node node) => node.Inputs.Count(i => i is not null && ParameterNames.Source(i).Constant is null) == 1;
    }

    /// <summary>
    /// A batch that an exporter wrote down, into the input and into shapes, becomes any: where a Reshape names it as its first
    /// dimension it is taken over from what is reshaped.
    /// </summary>
    private static void OpenBatch(VisionModel model)
    {
        var batch = model.Input.Dims![0];
        if (batch < 0) return;
        foreach (var node in model.Graph.Nodes.Where(n => n.OpType == "Reshape" && n.Int("allowzero", 0) == 0))
        {
            if (ParameterNames.Source(node.Required(1)).Constant?.ToLongs() is not { Length: > 1 } shape || shape[0] != batch) continue;
            node.Inputs[1] = new Value($"{node.Required(1).Name}_any_batch") { Type = ElementType.Int64, Dims = [shape.Length], Constant = Tensor.Longs([0, .. shape[1..]]) };
        }

        foreach (var value in model.Graph.Values())
            if (value.Constant is null && value.Dims is [var first, ..] && first == batch) value.Dims = [Shapes.Unknown, .. value.Dims[1..]];
    }

    private static string Shortened(IEnumerable<string> names) => string.Join(", ", names.Take(12)) + (names.Skip(12).Any() ? ", ..." : "");
}

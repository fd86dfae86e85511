using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Opsets;

/// <summary>One copy of a graph under way, with the graphs inside it.</summary>
/// <param name="builder">Receives the nodes.</param>
/// <param name="map">For values that are there already their counterparts; grows.</param>
/// <param name="keepPrivate">Copies operators of other domains as they are, instead of refusing them.</param>
internal sealed class GraphCopier(GraphBuilder builder, Dictionary<Value, Value> map, bool keepPrivate)
{
    /// <summary>Nodes that loops may become; compiling and running a graph of more takes minutes.</summary>
    private const int MostUnrolled = 50_000;

    private int _unrolled;

    /// <summary>Copies the nodes that the outputs need.</summary>
    public void Copy(Graph graph, List<Value> outputs)
    {
        foreach (var node in graph.NodesFor(outputs))
        {
            if (node.Outputs.All(map.ContainsKey)) continue;
            node.RequireReadable();
            var arguments = Array.ConvertAll(node.Inputs, input => input is null ? null : Counterpart(input));
            var results = node.Subgraphs.Any() ? Malformed.Guard(node, "followed", () => ControlFlow.Copied(builder, node, arguments, Inside)) : Malformed.Guard(node, "followed", () => Copied(graph, node, arguments));
            for (var i = 0; i < results.Length && i < node.Outputs.Length; i++) map.TryAdd(node.Outputs[i], results[i]);
        }

        foreach (var value in outputs) Counterpart(value);
    }

    private Value[] Copied(Graph graph, Node node, Value?[] arguments)
    {
        if ((HeldIntegers.Cast(builder, node, arguments) ?? Doubles.Cast(node, arguments)) is { } cast) return [cast];
        Doubles.Fit(builder, node, arguments);
        var held = HeldIntegers.Fit(builder, node, arguments);
        Quantization.Align(builder, node, arguments);
        var results = OpsetConversion.Convert(builder, graph.Opset, node, arguments)
            ?? (node.Domain.Length == 0 || keepPrivate
                ? builder.Node(node.OpType, arguments, node.Attributes, node.Outputs.Length, node.Name, node.Domain)
                : throw Private(graph, node));
        for (var i = 0; i < results.Length && i < node.Outputs.Length; i++)
        {
            var result = results[i];
            if (result.Producer is not null) result.Name = builder.Unique(node.Outputs[i].Name);
            // Of an operator that is not known the file may say more.
            if (result.Type == ElementType.Undefined) result.Type = node.Outputs[i].Type;
            HeldIntegers.Of(result, held);
        }

        return results;
    }

    /// <summary>One run of a graph inside a node: its inputs have the given counterparts.</summary>
    /// <returns>The counterparts of its outputs.</returns>
    private Value[] Inside(Graph body, IReadOnlyList<Value> inputs)
    {
        if ((_unrolled += body.Nodes.Count) > MostUnrolled)
            throw OnnxVizException.Input($"The loops of the model would be more than {MostUnrolled} nodes when they are unrolled ('{body.Name}'). Take a smaller picture, or a layer before them.");
        for (var i = 0; i < inputs.Count; i++) map[body.Inputs[i]] = inputs[i];
        Copy(body, body.Outputs);
        Value[] results = [.. body.Outputs.Select(Counterpart)];
        // The next run computes other values.
        Forget(body);
        return results;
    }

    private void Forget(Graph body)
    {
        foreach (var input in body.Inputs) map.Remove(input);
        foreach (var node in body.Nodes)
        {
            foreach (var output in node.Outputs) map.Remove(output);
            foreach (var graph in node.Subgraphs) Forget(graph);
        }
    }

    private Value Counterpart(Value value)
    {
        if (map.TryGetValue(value, out var known)) return known;
        if (value.Constant is null)
            throw OnnxVizException.Input($"The model needs its input '{value.Name}' ({value}) as well, and only the picture is fed: give it too, or take a layer that does without.", argument: "Given");
        return map[value] = builder.Constant(value.Constant, value.Name);
    }

    private static OnnxVizException Private(Graph graph, Node node)
    {
        var what = $"{node.OpType} node '{node.Name}' is an operator of the domain '{node.Domain}' (version {graph.Domains.GetValueOrDefault(node.Domain, 1)})";
        return node.Domain == "com.microsoft.nchwc"
            ? OnnxVizException.OfModel($"{what}, which ONNX Runtime's optimiser leaves for one kind of processor. Use the model that was optimised, or optimise it at the level extended or below.")
            : OnnxVizException.OfModel($"{what}, no standard ONNX operator. Take a layer before it, or export the model with standard operators.", argument: "Layer");
    }
}

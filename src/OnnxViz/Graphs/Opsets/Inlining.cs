namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Copies a graph into a builder. Because the builder infers shapes and folds constants on the way, inlining a model
/// behind an input of a known size is what specialises it: Shape-Gather-Concat chains, computed pads and casts of
/// weights disappear, and operators of old opsets arrive as those of today.
/// </summary>
internal static class Inlining
{
    /// <param name="builder">Where the copy goes.</param>
    /// <param name="model">The graph to copy; it stays as it is.</param>
    /// <param name="inputs">What stands for each input of the model that the wanted values need.</param>
    /// <param name="wanted">What has to be computed; only the nodes for these are copied.</param>
    /// <param name="keepPrivate">Copies operators of other domains as they are, instead of refusing them.</param>
    /// <returns>For every copied value of the model its counterpart.</returns>
    /// <exception cref="OnnxVizException">An input is missing, or shapes do not fit together.</exception>
    public static IReadOnlyDictionary<Value, Value> Inline(
        this GraphBuilder builder, Graph model, IReadOnlyDictionary<Value, Value> inputs, IEnumerable<Value> wanted,
        bool keepPrivate = false)
    {
        var map = new Dictionary<Value, Value>(inputs);
        Copy(builder, model, map, wanted.ToList(), keepPrivate);
        return map;
    }

    private static void Copy(GraphBuilder builder, Graph graph, Dictionary<Value, Value> map, List<Value> outputs, bool keepPrivate)
    {
        foreach (var node in graph.NodesFor(outputs))
        {
            if (node.Outputs.All(map.ContainsKey)) continue;
            node.RequireReadable();
            var arguments = Array.ConvertAll(node.Inputs, input => input is null ? null : Counterpart(builder, map, input));
            Quantization.Align(builder, node, arguments);
            if (node.Subgraphs.Any())
            {
                var branch = Branch(node, arguments);
                Copy(builder, branch, map, branch.Outputs, keepPrivate);
                for (var i = 0; i < node.Outputs.Length; i++) map.TryAdd(node.Outputs[i], map[branch.Outputs[i]]);
                continue;
            }

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
                map.TryAdd(node.Outputs[i], result);
            }
        }

        foreach (var value in outputs) Counterpart(builder, map, value);
    }

    private static Value Counterpart(GraphBuilder builder, Dictionary<Value, Value> map, Value value)
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
            ? OnnxVizException.Input($"{what}, which ONNX Runtime's optimiser leaves for one kind of processor. Use the model that was optimised, or optimise it at the level extended or below.")
            : OnnxVizException.Input($"{what}, no standard ONNX operator. Take a layer before it, or export the model with standard operators.", argument: "Layer");
    }

    /// <summary>The graph that an If whose condition is known chooses.</summary>
    private static Graph Branch(Node node, Value?[] arguments)
    {
        if (node is not { OpType: "If", Domain: "" } || arguments is not [{ Constant: { Count: 1 } condition }])
        {
            throw OnnxVizException.Input(
                $"{node} decides while the model runs what is computed, which cannot be followed. Export the model without it, or simplify it for one input size.");
        }

        var name = condition.ToLongs()[0] != 0 ? "then_branch" : "else_branch";
        return node.Attributes.GetValueOrDefault(name) is Graph branch && branch.Outputs.Count == node.Outputs.Length
            ? branch
            : throw OnnxVizException.Input($"{node} has no {name} with {node.Outputs.Length} outputs.");
    }
}

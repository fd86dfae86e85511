namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Makes a graph of float16 or bfloat16 one of float32, so that nothing on the way from the picture to the result and
/// back is rounded to half precision: inputs, constants, casts and whatever else creates such tensors.
/// </summary>
internal static class HalfToFloat
{
    /// <summary>The attributes that name the element type of a result.</summary>
    private static readonly string[] _typeAttributes = ["to", "dtype", "output_dtype"];

    /// <summary>Whether there are such tensors.</summary>
    public static bool IsNeeded(Graph graph) => graph.Values().Any(v => v.Type is ElementType.Float16 or ElementType.BFloat16);

    /// <summary>Changes the graph, its values included, in place; constants are converted when they are asked for.</summary>
    /// <param name="graph">All of it, with its branches.</param>
    /// <param name="doubles">Float64 as well: ONNX Runtime has no convolutions of it.</param>
    public static void Apply(Graph graph, bool doubles = false)
    {
        bool IsHalf(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 || (doubles && type == ElementType.Double);

        // A constant that is only cast stays as it is: the cast converts it, and half of the memory will do.
        var asFloats = graph.Nodes.Where(n => n.OpType != "Cast").SelectMany(n => n.Inputs).Concat(graph.Outputs).ToHashSet();
        foreach (var value in graph.Values().Concat(graph.Outputs).Distinct().ToList())
        {
            if (!IsHalf(value.Type) || (value.Constant is not null && !asFloats.Contains(value))) continue;
            value.Type = ElementType.Float;
            if (value.Constant is { } tensor) value.Constant = Float(tensor);
        }

        for (var i = 0; i < graph.Nodes.Count; i++) graph.Nodes[i] = Float(graph.Nodes[i], IsHalf, doubles);
    }

    private static Node Float(Node node, Func<ElementType, bool> isHalf, bool doubles)
    {
        foreach (var subgraph in node.Subgraphs) Apply(subgraph, doubles);
        Dictionary<string, object>? changed = null;
        foreach (var (name, value) in node.Attributes)
        {
            object? replacement = value switch
            {
                long type when _typeAttributes.Contains(name) && isHalf((ElementType)type) => (long)ElementType.Float,
                Tensor tensor when isHalf(tensor.Type) => Float(tensor),
                _ => null,
            };
            if (replacement is not null) (changed ??= new(node.Attributes))[name] = replacement;
        }

        return changed is null ? node : new Node(node.OpType, node.Name, node.Inputs, node.Outputs, changed, node.Domain);
    }

    private static Tensor Float(Tensor tensor) => Folding.Casting.To(tensor, ElementType.Float);
}

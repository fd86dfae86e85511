namespace OnnxViz.Onnx;

/// <summary>
/// Refuses graphs that no exporter writes and that native code may not survive. ONNX Runtime checks most of a model
/// by itself; what is checked here has crashed it, or would divide by zero in it or in us.
/// </summary>
internal static class GraphValidation
{
    /// <summary>Numbers of one row of an input, at most: a picture of 4,700 x 4,700 pixels, a volume of 400 x 400 x 400.</summary>
    private const int LargestInput = 67_000_000;

    /// <exception cref="OnnxVizException">The message names the node and what is wrong.</exception>
    public static void Check(Graph graph)
    {
        if (graph.Nodes.Count == 0) throw OnnxVizException.Input("Its graph has no nodes.");
        if (graph.Outputs.Count == 0) throw OnnxVizException.Input("Its graph has no outputs.");
        foreach (var input in graph.Inputs) CheckInput(input);
        CheckNodes(graph);
    }

    /// <summary>Beside the sizes that a file leaves open, those that it fixes have to be ones that somebody can feed.</summary>
    private static void CheckInput(Value input)
    {
        if (input.Dims is not { } dims) return;
        // One row of it: how many are fed is not the file's affair.
        var count = dims.Skip(1).Where(d => d > 0).Aggregate(1.0, (n, d) => n * d);
        if (count > LargestInput)
            throw OnnxVizException.Input($"Its input '{input.Name}' is [{Shapes.Text(dims)}]: more than the {LargestInput / 1_000_000} million numbers that a picture may have.");
    }

    private static void CheckNodes(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.OpType.Length == 0) throw OnnxVizException.Input($"Node '{node.Name}' names no operator.");
            foreach (var subgraph in node.Subgraphs) CheckNodes(subgraph);
            OperatorForms.Check(node);
            if (node.Domain.Length == 0) CheckNode(node);
            if (node.Is(OperatorNature.Window)) WindowValidation.Check(node);
        }
    }

    private static void CheckNode(Node node)
    {
        switch (node.OpType)
        {
            case "BatchNormalization":
                CheckPerChannel(node, 4);
                break;
            case "InstanceNormalization":
                CheckPerChannel(node, 2);
                break;
            case "LRN":
                RequirePositive(node, "size", 0);
                break;
            case "DepthToSpace":
            case "SpaceToDepth":
                RequirePositive(node, "blocksize", 0);
                break;
            case "GroupNormalization":
                RequirePositive(node, "num_groups", 0);
                break;
            case "Split":
                RequirePositive(node, "num_outputs", 1);
                if (node.Ints("split") is { } split && split.Any(s => s < 0)) throw Wrong(node, "split", split, "must not be negative");
                break;
            case "Transpose":
                if (node.Ints("perm") is { } perm && !perm.Order().SequenceEqual(Shapes.Axes(0, perm.Length)))
                    throw Wrong(node, "perm", perm, "is no permutation");
                break;
            case "Pad":
                var pads = node.Ints("pads") ?? (node.Input(1)?.Constant is { Type: ElementType.Int64 } amounts ? amounts.ToLongs() : []);
                if (pads.Length % 2 != 0 || pads.Any(p => Math.Abs((decimal)p) > WindowValidation.Largest))
                    throw Wrong(node, "pads", pads, "must be pairs of sensible amounts");
                break;
            case "Resize":
            case "Upsample":
                CheckScales(node);
                break;
            case "ConstantOfShape":
                if (node.Tensor("value") is { Count: not 1 } value) throw OnnxVizException.Input($"{node}: its value is {value}, it must be one number.");
                break;
        }
    }

    private static void RequirePositive(Node node, string attribute, long otherwise)
    {
        if (node.Int(attribute, otherwise) is var number and < 1) throw OnnxVizException.Input($"{node}: its {attribute} is {number}, it must be at least 1.");
    }

    /// <summary>Inputs 1 to count are vectors with one number per channel of input 0.</summary>
    private static void CheckPerChannel(Node node, int count)
    {
        var channels = node.Input(0)?.Dims is { Length: > 1 } dims ? dims[1] : Shapes.Unknown;
        for (var i = 1; i <= count; i++)
        {
            if (node.Required(i) is not { Dims: { } given } input) continue;
            if (given.Length != 1 || (channels >= 0 && given[0] >= 0 && given[0] != channels))
                throw OnnxVizException.Input($"{node}: its input '{input.Name}' is [{Shapes.Text(given)}], it must have one number per channel ({Shapes.Text([channels])}).");
            channels = given[0] >= 0 ? given[0] : channels;
        }
    }

    private static void CheckScales(Node node)
    {
        foreach (var input in node.Inputs.Skip(1))
            if (input?.Constant is { Type: ElementType.Float, Count: <= 16 } scales && input != ResizeRoi(node) && scales.ToFloats().Any(s => !(s > 0 && s <= WindowValidation.Largest)))
                throw OnnxVizException.Input($"{node}: its scales [{string.Join(',', scales.ToFloats())}] must be positive and sensible.");
    }

    /// <summary>Since opset 11 the region of interest stands before the scales; it may hold any numbers.</summary>
    private static Value? ResizeRoi(Node node) => node.Inputs.Length > 2 ? node.Inputs[1] : null;

    private static OnnxVizException Wrong(Node node, string attribute, long[] numbers, string why) =>
        OnnxVizException.Input($"{node}: its {attribute} [{string.Join(',', numbers)}] {why}.");
}

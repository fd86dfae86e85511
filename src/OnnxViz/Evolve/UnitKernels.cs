namespace OnnxViz.Evolve;

/// <summary>The weights by which units of a layer look at the layer before.</summary>
internal static class UnitKernels
{
    /// <param name="model">The network.</param>
    /// <param name="layer">A convolution or linear layer of its graph, or what follows one unit by unit: an activation, normalisation, pool.</param>
    /// <param name="units">Numbers of its units.</param>
    /// <returns>One kernel for each, flattened; null where the layer has none, such as a sum of two branches.</returns>
    public static IReadOnlyList<float[]>? Of(VisionModel model, Value layer, IReadOnlyList<int> units)
    {
        if (Find(layer) is not var (node, axis) || Constant(model, node) is not { } weight || weight.Dims.Length <= axis) return null;
        var numbers = weight.ToFloats();
        var count = (int)weight.Dims[axis];
        if (units.Any(u => u >= count)) return null;
        var inner = (int)Shapes.Count(weight.Dims.AsSpan(axis + 1));
        var outer = numbers.Length / (count * inner);
        return [.. units.Select(u =>
        {
            var kernel = new float[outer * inner];
            for (var o = 0; o < outer; o++) numbers.AsSpan(((o * count) + u) * inner, inner).CopyTo(kernel.AsSpan(o * inner));
            return kernel;
        })];
    }

    private static (Node Node, int UnitAxis)? Find(Value layer)
    {
        for (var value = layer; value.Producer is { Domain: "" } node;)
        {
            switch (node.OpType)
            {
                case "Conv": return (node, 0);
                case "ConvTranspose" when node.Int("group", 1) == 1: return (node, 1);
                case "Gemm": return (node, node.Int("transB", 0) == 1 ? 0 : 1);
                case "MatMul" when node.Required(1).Dims is { Length: 2 }: return (node, 1);
            }

            var isAdded = node.OpType is "Add" or "Sub" or "Mul" or "Div" && node.Input(1) is { Constant: not null };
            var isUnitwise = node.OpType is "MaxPool" or "AveragePool" or "BatchNormalization" or "Dropout" or "Identity" || OperatorTraits.Of(node).Is(OperatorNature.Activation);
            if (!isAdded && !isUnitwise) return null;
            value = node.Required(0);
        }

        return null;
    }

    /// <summary>In float32, whatever casts or dequantises it in the file.</summary>
    private static Tensor? Constant(VisionModel model, Node node)
    {
        var value = node.Required(1);
        var c = model.Conventions;
        return value.Constant ?? ShapedModel.Start(model, c.InputDims(1, c.Height, c.Width), value)[value].Constant;
    }
}

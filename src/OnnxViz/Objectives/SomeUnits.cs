namespace OnnxViz.Objectives;

/// <summary>Starts graphs that compute some units of a layer.</summary>
internal static class SomeUnits
{
    /// <summary>From the input "image" to the units' maps. Of a convolution's other units nothing is computed; the numbers are the same.</summary>
    /// <param name="model">The network; what lies behind the layer is not run.</param>
    /// <param name="layer">A value of its graph.</param>
    /// <param name="inputDims">Of the input.</param>
    /// <param name="units">Numbers of units of the layer, in this order; null for all of them.</param>
    /// <returns>The graph, and in it [N, units, spatial...].</returns>
    /// <exception cref="OnnxVizException">The layer has no axis of units, or not this unit.</exception>
    public static (GraphBuilder Builder, Value Maps) Start(VisionModel model, Value layer, long[] inputDims, IReadOnlyList<int>? units)
    {
        var dims = ShapedModel.DimsOf(model, layer, inputDims);
        foreach (var unit in units ?? [0]) Units.Check(unit, dims, model.Layers.NameOf(layer));
        if (units is not null && 2 * units.Count <= dims[1] && ConvolutionOf(model, layer) is { } convolution) return Narrowed(model, layer, convolution, inputDims, units);
        var forward = ShapedModel.Start(model, inputDims, layer);
        var maps = forward.Units(layer);
        return (forward.Builder, units is null ? maps : forward.Builder.Gather(maps, Numbers(forward.Builder, units), 1));
    }

    /// <summary>The convolution whose result, rectified or not, the layer is.</summary>
    private static Node? ConvolutionOf(VisionModel model, Value layer)
    {
        var node = layer.Producer is { OpType: "Relu", Domain: "" } relu ? relu.Required(0).Producer : layer.Producer;
        return node is { OpType: "Conv", Domain: "" } && node.Int("group", 1) == 1 && !model.Conventions.ChannelsLast ? node : null;
    }

    private static (GraphBuilder Builder, Value Maps) Narrowed(VisionModel model, Value layer, Node convolution, long[] inputDims, IReadOnlyList<int> units)
    {
        var inputs = convolution.Inputs.OfType<Value>().ToArray();
        var forward = ShapedModel.Start(model, inputDims, inputs);
        var b = forward.Builder;
        Value?[] narrow = [.. inputs.Select((value, i) => i == 0 ? forward[value] : b.Gather(forward[value], Numbers(b, units), 0))];
        var maps = b.Node("Conv", narrow, convolution.Attributes.ToDictionary(a => a.Key, a => a.Value))[0];
        return (b, layer.Producer == convolution ? maps : b.Emit("Relu", [maps]));
    }

    private static Value Numbers(GraphBuilder b, IReadOnlyList<int> units) => b.Longs([.. units.Select(u => (long)u)]);
}

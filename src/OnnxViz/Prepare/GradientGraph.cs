using OnnxViz.Autodiff;

namespace OnnxViz.Prepare;

/// <summary>From picture and seed to a layer's activation and its gradient.</summary>
internal static class GradientGraph
{
    /// <summary>Bytes of weights that runtimes turn round when they load a graph: that takes them a moment, and a file a share of its size.</summary>
    private const long LargestFold = 1 << 16;

    /// <returns>Inputs image and seed, outputs activation and gradient; and the shape of activation and seed.</returns>
    /// <exception cref="OnnxVizException">There is no gradient for inputs of these dimensions.</exception>
    public static (GraphBuilder Graph, long[] Shape) Of(VisionModel model, Value layer, GradientRules rules, long[] inputDims)
    {
        var forward = ShapedModel.Start(NewBuilder(model), model, inputDims, layer);
        var (builder, activation) = (forward.Builder, forward[layer]);
        if (activation.Dims is not { } shape || activation.Type != ElementType.Float)
            throw OnnxVizException.Input($"'{layer.Name}' ({activation}) is no tensor of floats whose rank is known.");
        var seed = builder.InputLike("seed", activation);
        builder.LargestFold = LargestFold;
        var gradient = Backpropagation.Gradients(builder, new Dictionary<Value, Value> { [activation] = seed }, [forward.Input], rules)[0];
        builder.Expose("activation", activation);
        builder.Expose("gradient", gradient);
        return (builder, shape);
    }

    /// <summary>For graphs that any runtime is to run.</summary>
    public static GraphBuilder NewBuilder(VisionModel model) => ShapedModel.NewBuilder(model, ShapedModel.PreparedOpset);
}

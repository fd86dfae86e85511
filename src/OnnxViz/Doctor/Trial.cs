using OnnxViz.Autodiff;
using OnnxViz.Objectives;
using OnnxViz.Runtime.Memory;

namespace OnnxViz.Doctor;

/// <summary>Tries what features do, as far as it costs little: graphs are compiled, and one picture of noise goes through the network.</summary>
internal static class Trial
{
    /// <summary>Why something fails on this model; null where it does not.</summary>
    public static string? Obstacle(Action attempt) => Of(() =>
    {
        attempt();
        return "";
    }).Obstacle;

    /// <summary>What an attempt finds, or why it finds nothing.</summary>
    public static (T? Found, string? Obstacle) Of<T>(Func<T> attempt)
        where T : class
    {
        try
        {
            return (attempt(), null);
        }
        catch (OnnxVizException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The graph from the picture to a score's gradient.</summary>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public static Graph ToPicture(VisionModel model, long[] inputDims, ScoreTarget target)
    {
        var builder = ShapedModel.NewBuilder(model);
        var image = builder.Input("image", ElementType.Float, inputDims);
        var layer = LayerGradient.Of(builder, model, image, target.Layer, GradientRules.Default);
        builder.Output("gradient", layer.ToInput(target.Emit(builder, layer.Activation).Score));
        return builder.Build();
    }

    /// <summary>The graph from the picture to a score's gradient with respect to a layer on the way.</summary>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public static void ToLayer(VisionModel model, long[] inputDims, ScoreTarget target, Value layer)
    {
        var builder = ShapedModel.NewBuilder(model);
        var forward = ShapedModel.Into(builder, model, builder.Input("image", ElementType.Float, inputDims), target.Layer, layer);
        var (score, _) = target.Emit(builder, forward.Units(target.Layer));
        var one = builder.Expand(builder.Scalar(1), score.Value.StaticDims());
        _ = Backpropagation.Gradients(builder, new Dictionary<Value, Value> { [score.Value] = one }, [forward[layer]], GradientRules.Default, score.Constants);
    }

    /// <summary>Bytes that the network's activations take up to a value; null where that is not known.</summary>
    public static double? Memory(VisionModel model, long[] inputDims, Value wanted) => Of(() =>
    {
        var forward = ShapedModel.Start(model, inputDims, wanted);
        forward.Builder.Output("wanted", forward[wanted]);
        return forward.Builder.Build();
    }).Found is { } graph ? MemoryNeed.Of(graph) : null;

    /// <summary>The model's input for a picture of noise.</summary>
    public static Tensor Noise(PictureConventions c, long[] inputDims, bool isWhole)
    {
        var (layout, random) = (InputLayout.Of(c.Axes, inputDims), new CounterRandom(0, 0));
        var numbers = new float[Shapes.Count(inputDims)];
        for (var i = 0; i < numbers.Length; i++)
        {
            var channel = layout.ChannelAt(i % layout.Size) % c.Mean.Length;
            var number = (c.Low + ((float)random.Uniform() * (c.High - c.Low)) - c.Mean[channel]) / c.Std[channel];
            numbers[i] = isWhole ? MathF.Round(number) : number;
        }

        return Tensor.Of(numbers, inputDims);
    }
}

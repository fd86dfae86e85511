using OnnxViz.Autodiff;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// Class activation maps relu(sum over c of w_c A_c) from a layer's maps A and their gradients g, both [N, C, positions...]; methods differ
/// in w. One graph, one run. The papers' formulas as they stand: nothing is added to a denominator unless it is 0.
/// </summary>
public abstract record GradCamFamily(string Word, string Summary, Paper Paper) : LayerMethod(Word, Summary, Paper)
{
    private protected static long[] Positions(Value maps) => Shapes.Axes(2, maps.Rank - 2);

    private static readonly long[] Channels = [1];

    /// <param name="e">Receives the nodes.</param>
    /// <param name="a">A.</param>
    /// <param name="g">g.</param>
    /// <returns>w: [N, C, 1...] or as the maps.</returns>
    private protected abstract Value Weights(IEmitter e, Value a, Value g);

    /// <summary>1 in place of 0, for a denominator.</summary>
    private protected static Value NotZero(IEmitter e, Value value) => e.Where(e.Equal(value, e.Scalar(0)), e.Scalar(1), value);

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var layer = LayerOf(task);
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, task.Input.Dims);
        var forward = ShapedModel.Into(builder, task.Model, image, task.Target.Layer, layer);
        var maps = forward.Units(layer);
        CheckMaps(task.Model, layer, maps);
        var (score, unit) = task.Target.Emit(builder, forward.Units(task.Target.Layer));
        var one = builder.Expand(builder.Scalar(1), score.Value.StaticDims());
        var gradient = Backpropagation.Gradients(
            builder, new Dictionary<Value, Value> { [score.Value] = one }, [forward[layer]], GradientRules.Default, score.Constants)[0];
        if (maps != forward[layer]) gradient = builder.ChannelsFirst(gradient);

        builder.Output("map", builder.Relu(builder.ReduceSum(builder.Mul(Weights(builder, maps, gradient), maps), Channels)));
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [image.Name] = task.Input }, task.Token);
        return new SaliencyResult(results["map"], results["score"].ToFloats(), results["unit"].ToLongs()) { MapLayer = layer };
    }
}

public sealed record GradCam() : GradCamFamily("grad-cam", "relu(sum of w A), w the mean gradient of the map A.", new("Selvaraju et al.", 2017))
{
    private protected override Value Weights(IEmitter e, Value a, Value g) => e.ReduceMean(g, Positions(g));
}

public sealed record GradCamPlusPlus() : GradCamFamily("grad-cam++", "relu(sum of w A), w = sum of relu(g) / (2 + sum of A * g).", new("Chattopadhay et al.", 2018))
{
    /// <remarks>
    /// The paper's alpha, g^2 / (2 g^2 + sum of A * g^3), without its g^2: gradients behind global pooling are small, and their squares vanish beside
    /// whatever is added against a division by 0. Where g is not positive, relu(g) is 0 and alpha does not matter.
    /// </remarks>
    private protected override Value Weights(IEmitter e, Value a, Value g)
    {
        var positive = e.Relu(g);
        var below = e.Add(e.Mul(e.ReduceSum(a, Positions(a)), positive), e.Scalar(2));
        return e.ReduceSum(e.Div(positive, NotZero(e, below)), Positions(a));
    }
}

public sealed record XGradCam() : GradCamFamily("xgrad-cam", "relu(sum of w A), w = sum of g A / sum of A.", new("Fu et al.", 2020))
{
    private protected override Value Weights(IEmitter e, Value a, Value g) =>
        e.Div(e.ReduceSum(e.Mul(g, a), Positions(a)), NotZero(e, e.ReduceSum(a, Positions(a))));
}

public sealed record HiResCam() : GradCamFamily("hires-cam", "relu(sum of g A), position by position.", new("Draelos and Carin", 2020))
{
    private protected override Value Weights(IEmitter e, Value a, Value g) => g;
}

public sealed record LayerCam() : GradCamFamily("layer-cam", "relu(sum of relu(g) A), position by position.", new("Jiang et al.", 2021))
{
    private protected override Value Weights(IEmitter e, Value a, Value g) => e.Relu(g);
}

using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency.Methods;

/// <summary>A class activation map from a layer's activation and its gradient: one graph, one run.</summary>
/// <param name="formula">From activation and gradient to the map before the ReLU.</param>
internal sealed class GradientMap(Func<IEmitter, Value, Value, Value> formula) : LayerMapMethod
{
    public override SaliencyResult Explain(AttributionTask task)
    {
        var layer = MapLayers.Of(task);
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, task.Input.Dims);
        var forward = ShapedModel.Into(builder, task.Model, image, task.Target.Layer, layer);
        var maps = forward.Units(layer);
        MapLayers.Check(task.Model, layer, maps);
        var (score, unit) = task.Target.Emit(builder, forward.Units(task.Target.Layer));
        var one = builder.Expand(builder.Scalar(1), score.Value.StaticDims());
        var gradient = Backpropagation.Gradients(
            builder, new Dictionary<Value, Value> { [score.Value] = one }, [forward[layer]], GradientRules.Default, score.Constants)[0];
        if (maps != forward[layer]) gradient = builder.Transpose(gradient, 0, 3, 1, 2);

        builder.Output("map", builder.Relu(formula(builder, maps, gradient)));
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [image.Name] = task.Input }, task.Token);
        return new SaliencyResult(results["map"], results["score"].ToFloats(), results["unit"].ToLongs()) { MapLayer = layer };
    }
}

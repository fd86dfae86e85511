using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency.Methods;

/// <summary>d score / d input under one of the rules, once, or averaged over crops.</summary>
internal sealed class PlainGradient(GradientRules rules, bool timesInput = false) : AttributionMethod
{
    public override SaliencyResult Explain(AttributionTask task) => task.Options.Crops > 0 ? OverCrops(task) : Once(task);

    private SaliencyResult Once(AttributionTask task)
    {
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, task.Input.Dims);
        var layer = LayerGradient.Of(builder, task.Model, image, task.Target.Layer, rules);
        var (score, unit) = task.Target.Emit(builder, layer.Activation);
        var gradient = layer.ToInput(score);
        if (timesInput) gradient = builder.Mul(image, gradient);

        builder.Output("attribution", gradient);
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [image.Name] = task.Input }, task.Token);
        return new SaliencyResult(results["attribution"], results["score"].ToFloats(), results["unit"].ToLongs());
    }

    /// <summary>The gradient, with respect to the picture, of the mean score of its crops.</summary>
    private SaliencyResult OverCrops(AttributionTask task)
    {
        var crops = Enumerable.Range(0, task.Options.Crops).Select(i => RandomCrop.Draw(task.Options.Seed, i, task.Layout)).ToArray();
        using var probe = new Probe(task, rules, crops.Length);
        return PerPicture.Explain(task, (row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var sum = new double[picture.Length];
            probe.Run(
                unit, crops.Length,
                (i, image) => crops[i].Apply(picture, image),
                (i, _, gradient) => crops[i].AddAdjoint(gradient, sum),
                task.ProgressOf(row));
            return [.. sum.Select((s, i) => (float)(s / crops.Length * (timesInput ? picture[i] : 1)))];
        });
    }
}

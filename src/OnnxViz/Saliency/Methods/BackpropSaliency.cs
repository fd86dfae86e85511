using System.Globalization;
using OnnxViz.Autodiff;
using OnnxViz.Objectives;
using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>d score / d input, [N, C, H, W] or [N, H, W, C], under a method's gradient rules: of the picture, or averaged over random crops.</summary>
public abstract record BackpropSaliency(string Word, string Summary, Paper Paper) : SaliencyMethod(Word, Summary, Paper)
{
    /// <summary>
    /// Crops of 7/8 of each side, every second one mirrored, whose gradients are averaged (Simonyan et al. 2013 took 10); null takes the
    /// picture as it is.
    /// </summary>
    [Option("crops", "Average over N random crops of 7/8 of each side, every second one mirrored; the paper took 10.", Min = 1, Usual = "the paper took 10")]
    public int? Crops { get; init; }

    public override SaliencyFamily Family => SaliencyFamily.Gradient;

    public override bool RunsOften => Crops is not null;

    /// <summary>How gradients pass activations.</summary>
    private protected virtual GradientRules Rules => GradientRules.Default;

    private protected virtual bool TimesInput => false;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Crops is { } count ? OverCrops(task, count) : Once(task);
    }

    private SaliencyResult Once(SaliencyTask task)
    {
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, task.Input.Dims);
        var layer = LayerGradient.Of(builder, task.Model, image, task.Target.Layer, Rules);
        var (score, unit) = task.Target.Emit(builder, layer.Activation);
        var gradient = layer.ToInput(score);
        if (TimesInput) gradient = builder.Mul(image, gradient);

        builder.Output("attribution", gradient);
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [image.Name] = task.Input }, task.Token);
        return new SaliencyResult(results["attribution"], results["score"].ToFloats(), results["unit"].ToLongs());
    }

    /// <summary>The gradient, with respect to the picture, of the mean score of its crops.</summary>
    private SaliencyResult OverCrops(SaliencyTask task, int count)
    {
        var crops = Enumerable.Range(0, count).Select(i => RandomCrop.Draw(Seed, i, task.Layout)).ToArray();
        using var pass = new ForwardPass(task, Rules, count);
        return task.ForEachRow((row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var sum = new double[picture.Length];
            pass.Run(
                unit, count,
                (i, image) => crops[i].Apply(picture, image),
                (i, _, gradient) => crops[i].AddAdjoint(gradient, sum),
                task.ProgressOf(row));
            return [.. sum.Select((s, i) => (float)(s / count * (TimesInput ? picture[i] : 1)))];
        });
    }
}

public sealed record Gradient() : BackpropSaliency("gradient", "The gradient, d score / d input.", new("Simonyan et al.", 2013))
{
    /// <summary>What the whole picture may add to a score, beside it, for the score not to depend on the picture.</summary>
    private const double Vanishing = 1e-7;

    public override SaliencyLook Look => SaliencyLook.Absolute;

    internal override IEnumerable<Caveat> CaveatsOf(SaliencyTask task, SaliencyResult result, int row)
    {
        var (influence, largest) = (0.0, 0.0);
        foreach (var x in Tensors.Row(task.Input, row)) largest = Math.Max(largest, Math.Abs(x));
        foreach (var g in Tensors.Row(result.Attribution, row)) influence += Math.Abs(g) * largest;
        return influence > 0 && influence < Vanishing * Math.Abs(result.Scores[row])
            ? [new(CaveatKind.VanishingGradient, string.Create(CultureInfo.InvariantCulture, $"is all but zero: the whole picture would change the score by {influence:0.#e0}"))]
            : [];
    }
}

public sealed record InputXGradient() : BackpropSaliency("input-x-gradient", "The gradient times the input.", new("Shrikumar et al.", 2016))
{
    public override SaliencyLook Look => SaliencyLook.Signed;

    private protected override bool TimesInput => true;
}

public sealed record GuidedBackprop() : BackpropSaliency("guided", "Guided backpropagation: open ReLUs pass relu(gradient).", new("Springenberg et al.", 2014))
{
    public override SaliencyLook Look => SaliencyLook.Color;

    private protected override GradientRules Rules => GradientRules.Guided;
}

public sealed record Deconvolution() : BackpropSaliency("deconv", "The deconvnet: every ReLU passes relu(gradient), open or not.", new("Zeiler and Fergus", 2014))
{
    public override SaliencyLook Look => SaliencyLook.Color;

    private protected override GradientRules Rules => GradientRules.Deconv;

    internal override IEnumerable<Caveat> CaveatsOf(SaliencyTask task, SaliencyResult result, int row)
    {
        if (!task.Model.Graph.Cut([task.Target.Layer]).Nodes.Exists(n => n.OpType is "MaxPool" or "GlobalMaxPool"))
            yield return new(CaveatKind.NoSwitches, "has no max-pool whose switches it could follow: it is the gradient with rectified signals, which depends little on what is explained");
    }
}

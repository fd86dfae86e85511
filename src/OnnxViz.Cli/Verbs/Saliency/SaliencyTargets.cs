using OnnxViz.Objectives;
using OnnxViz.Options;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>What `saliency` explains: classes, or units of a layer.</summary>
internal sealed class SaliencyTargets
{
    private readonly string? _layer;
    private readonly VisionModel _model;

    private SaliencyTargets(VisionModel model, string? layer, IReadOnlyList<ScoreTarget> targets) => (_model, _layer, Targets) = (model, layer, targets);

    /// <summary>In the order given.</summary>
    public IReadOnlyList<ScoreTarget> Targets { get; }

    /// <param name="o">The flags, checked.</param>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of the pictures.</param>
    /// <exception cref="OnnxVizException">No such class, layer or unit.</exception>
    public static SaliencyTargets Parse(SaliencyArguments o, VisionModel model, long[] inputDims)
    {
        var objective = Words.Choose(nameof(o.Score), o.Score, ("mean", Reduction.Mean), ("center", Reduction.Center), ("max", Reduction.Max));
        if (!o.ExplainsUnits)
        {
            int? minus = o.Minus is null ? null : ClassName.Resolve(o.Minus, model, "--minus") ?? throw OnnxVizException.Usage("--minus top: name the class that is to be subtracted.");
            List<int?> classes = o.Class is null ? [null] : ClassName.Several(o.Class, model).Select(c => ClassName.Resolve(c, model)).ToList();
            if (minus is not null && classes.Contains(minus)) throw OnnxVizException.Usage($"--minus {o.Minus}: a class minus itself is nothing.");
            return new SaliencyTargets(model, null, classes.ConvertAll(c => ScoreTarget.OfClass(model, c) with { Minus = minus }));
        }

        var name = o.TargetLayer ?? o.Layer!;
        var layer = model.Layers.Find(name);
        var units = UnitList.Parse(o.TargetUnit ?? o.Unit!, LayerShape.Of(model, layer, inputDims)[1], name, o.Seed);
        if (o.MinusUnit is { } other && units.Contains(other)) throw OnnxVizException.Usage($"--minus-unit {other}: a unit minus itself is nothing.");
        return new SaliencyTargets(model, name, [.. units.Select(unit => new ScoreTarget(layer, unit, objective) { Minus = o.MinusUnit })]);
    }

    /// <summary>"tabby", "pool5 25", "tabby - tiger cat".</summary>
    public string Name(ScoreTarget target, long unit) => Explained.SubjectOf(_model, _layer, unit, target.Minus);
}

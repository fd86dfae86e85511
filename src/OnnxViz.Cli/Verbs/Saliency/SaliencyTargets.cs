using System.Globalization;
using OnnxViz.Detect;
using OnnxViz.Objectives;
using OnnxViz.Options;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>What `saliency` explains: classes, units of a layer, or a detector's boxes.</summary>
internal sealed class SaliencyTargets
{
    private readonly string? _layer;
    private readonly VisionModel _model;
    private readonly DetectOptions _options;

    private SaliencyTargets(VisionModel model, string? layer, IReadOnlyList<SaliencyTarget> targets) => (_model, _layer, Targets, _options) = (model, layer, targets, new DetectOptions());

    private SaliencyTargets(VisionModel model, Detector detector, DetectOptions options, IReadOnlyList<SaliencyTarget> targets) => (_model, Detector, _options, Targets) = (model, detector, options, targets);

    /// <summary>The network with a name for each class that there is.</summary>
    public VisionModel Model => _model;

    /// <summary>In the order given.</summary>
    public IReadOnlyList<SaliencyTarget> Targets { get; }

    /// <summary>Whose boxes are explained; null where they are not.</summary>
    public Detector? Detector { get; }

    /// <summary>"box 0 is", "boxes 0 and 1 are": which ones, of how many.</summary>
    public string BoxesText
    {
        get
        {
            var indices = Targets.OfType<BoxTarget>().Select(t => t.Index).Distinct().ToList();
            var left = Detector?.Suppresses == true ? string.Create(CultureInfo.InvariantCulture, $"of those left by non-maximum suppression (IoU {_options.Iou:0.##}) ") : "";
            return $"{left}{(indices.Count == 1 ? $"box {indices[0]} is" : $"boxes {string.Join(", ", indices)} are")}";
        }
    }

    /// <param name="o">The flags, checked.</param>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of the pictures.</param>
    /// <exception cref="OnnxVizException">No such class, layer or unit, or no detector.</exception>
    public static SaliencyTargets Parse(SaliencyArguments o, VisionModel model, long[] inputDims)
    {
        if (BoxTarget.IsAskedBy(o.Score)) return Boxes(o, model);
        var objective = Words.Choose(nameof(o.Score), o.Score, ("mean", Reduction.Mean), ("center", Reduction.Center), ("max", Reduction.Max));
        if (!o.ExplainsUnits)
        {
            int? minus = o.Minus is null ? null : ClassName.Resolve(o.Minus, model, "--minus") ?? throw OnnxVizException.Usage("--minus top: name the class that is to be subtracted.");
            List<int?> classes = o.Class is null ? [null] : ClassName.Several(o.Class, model).Select(c => ClassName.Resolve(c, model)).ToList();
            if (minus is not null && classes.Contains(minus)) throw OnnxVizException.Usage($"--minus {o.Minus}: a class minus itself is nothing.");
            return new SaliencyTargets(model, null, classes.ConvertAll(c => new ScoredTarget(ScoreTarget.OfClass(model, c) with { Minus = minus })));
        }

        var name = o.TargetLayer ?? o.Layer!;
        var layer = model.Layers.Find(name);
        var units = UnitList.Places(o.TargetUnit ?? o.Unit!, LayerShape.Of(model, layer, inputDims), name, o.Seed, o.TargetUnit is null ? "--unit" : "--target-unit");
        if (o.MinusUnit is { } other && units.Any(u => u.Unit == other)) throw OnnxVizException.Usage($"--minus-unit {other}: a unit minus itself is nothing.");
        return new SaliencyTargets(model, name, [.. units.Select(u => new ScoredTarget(new ScoreTarget(layer, u.Unit, objective) { Position = u.Position, Minus = o.MinusUnit }))]);
    }

    /// <summary>"tabby", "pool5 25", "pool5 25@3,4", "tabby - tiger cat".</summary>
    public string Name(ScoreTarget target, long unit) => Explained.SubjectOf(_model, _layer, unit, target.Minus, target.Position);

    /// <summary>"dog, box 0", "dog - cat, box 0".</summary>
    public string Name(BoxTarget target, DetectedBox box) => $"{Explained.SubjectOf(_model, null, box.Class, target.Minus)}, box {target.Index}";

    /// <summary>The box that is meant in one picture.</summary>
    /// <exception cref="OnnxVizException">The picture has not so many.</exception>
    public DetectedBox BoxOf(BoxTarget target, Tensor input, string picture, RuntimeOptions runtime, CancellationToken token) => target.Of(
        Detector!.Boxes(input, _options with { Class = target.Class, Most = target.Index + 1 > _options.Most ? target.Index + 1 : _options.Most }, target.Minus, runtime, token),
        picture, number => ClassName.Of(_model, number));

    private static SaliencyTargets Boxes(SaliencyArguments o, VisionModel model)
    {
        var indices = BoxTarget.Indices(o.Score);
        var detector = Detector.Of(model);
        model = detector.Named;
        int? Class(string text, string option) => ClassName.Resolve(text, model, option, detector.Classes ?? model.Labels?.Count ?? int.MaxValue);
        int? minus = o.Minus is null ? null : Class(o.Minus, "--minus") ?? throw OnnxVizException.Usage("--minus top: name the class that is to be subtracted.");
        List<int?> classes = o.Class is null ? [null] : ClassName.Several(o.Class, model).Select(c => Class(c, "--class")).ToList();
        if (minus is not null && classes.Contains(minus)) throw OnnxVizException.Usage($"--minus {o.Minus}: a class minus itself is nothing.");
        return new SaliencyTargets(model, detector, o.Onto(new DetectOptions()), [.. classes.SelectMany(c => indices.Select(k => new BoxTarget(k, c, minus)))]);
    }
}

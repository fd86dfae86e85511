using OnnxViz.Autodiff;
using OnnxViz.Coverage;
using OnnxViz.Deconv;
using OnnxViz.Detect;
using OnnxViz.Features;
using OnnxViz.Objectives;
using OnnxViz.Runtime.Memory;
using OnnxViz.Saliency;

namespace OnnxViz.Doctor;

/// <summary>Finds out what can be made of a network.</summary>
internal static class ModelExamination
{
    /// <summary>Added to both sides of a picture to see whether a network takes other sizes: strides are powers of 2 up to it.</summary>
    private const int Larger = 64;

    /// <param name="model">The network.</param>
    /// <param name="runtime">Where a picture goes through it.</param>
    /// <param name="token">Ends that.</param>
    /// <returns>Whatever does not work is in it as an obstacle.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static Examination Of(VisionModel model, RuntimeOptions runtime, CancellationToken token)
    {
        var dims = model.Conventions.InputDims(1);
        var rows = Trial.Of(() => new Held(ShapedModel.RowsOf(model, dims, ClassOutput.Find(model) is { } s ? [s] : [.. model.Graph.Outputs]))).Found?.Rows;
        var asked = dims[1..].Prepend(rows ?? 1).ToArray();
        var (summary, misfit) = Trial.Of(() => LayerSummary.Of(model.Graph, model.Layers, ShapedModels.Layers(model, asked), rows ?? 1));
        var (classes, noClasses) = Trial.Of(() => Classes(model, dims, runtime, token));
        var start = summary is null ? [] : StartLayers.Of(model, dims, summary.Rows, classes?.Scores);
        var target = classes is not null ? new ScoreTarget(classes.Scores, 0, Reduction.Mean)
            : start is [.., var last] ? new ScoreTarget(last.Layer.Value, 0, Reduction.Mean) : null;

        var runs = misfit ?? (classes is not null ? null : start.Count == 0 ? noClasses : Trial.Obstacle(() => Run(model, dims, start[^1], runtime, token)));
        var (gradient, noGradient) = target is null ? (null, runs) : Trial.Of(() => Trial.ToPicture(model, dims, target));
        var (maps, noMaps) = target is null ? (null, runs) : Trial.Of(() => LayerMethod.DefaultLayer(model, dims, target));
        var noMapGradient = noMaps ?? Trial.Obstacle(() => Trial.ToLayer(model, dims, target!, maps!));
        var detector = Trial.Of(() => new Seen(Detector.Find(model))).Found?.Detector;
        var listed = classes is not null || detector is { IsSure: true } ? null
            : ClassOutput.Find(model) is null || model.HasClasses ? noClasses : Trial.Obstacle(() => Classification.Scores(model, Trial.Noise(model.Conventions, dims, IsWhole(model)), runtime, token));
        var tries = new Obstacles(runs, listed, classes is null ? noClasses : null, noGradient, noMaps, noMapGradient);
        return new Examination(
            model, dims, OtherSizes(model, asked), rows, classes, noClasses, model.Layers.Layers.Count, start, maps is null ? null : model.Layers.Of(maps),
            detector, Deconvnet.Pools(model).Count, Abilities.Of(model, dims, start, tries),
            Trial.Of(() => GradientCoverage.Of(model, asked, ClassOutput.Find(model) is { } scores ? [scores] : model.Graph.Outputs, GradientRules.Default)).Found,
            new CostFacts(
                summary?.TotalParameters ?? 0, summary?.TotalMacs ?? 0, target is null ? null : Trial.Memory(model, dims, target.Layer), gradient is null ? null : MemoryNeed.Of(gradient)));
    }

    private static ClassFacts Classes(VisionModel model, long[] dims, RuntimeOptions runtime, CancellationToken token)
    {
        var scores = ClassOutput.Of(model);
        if (!model.HasClasses)
            throw OnnxVizException.OfModel($"'{model.Layers.NameOf(scores)}' holds units of features and no classes: the network is without its classifier. Units of layers can be explained.");
        var numbers = Classification.Scores(model, Trial.Noise(model.Conventions, dims, IsWhole(model)), runtime, token);
        var shape = LayerShape.Of(model, scores, dims);
        var behind = model.Graph.Outputs.Contains(scores) ? null : model.Graph.Nodes.Find(n => n.Inputs.Contains(scores))?.OpType;
        return new ClassFacts(
            scores, behind, (int)shape[1], Shapes.Count(shape.AsSpan(2)), Probabilities.Of(model, scores, numbers), numbers.ToFloats().All(float.IsFinite));
    }

    private static void Run(VisionModel model, long[] dims, StartLayer layer, RuntimeOptions runtime, CancellationToken token) =>
        FeatureMaps.Of(model, Trial.Noise(model.Conventions, dims, IsWhole(model)), [layer.Layer.Value], runtime, token);

    private static bool IsWhole(VisionModel model) => !model.Input.Type.IsFloating();

    private static bool? OtherSizes(VisionModel model, long[] asked)
    {
        var c = model.Conventions;
        if (model.FixedSize is not null) return false;
        var larger = c.InputDims(asked[0], c.Height + Larger, c.Width + Larger);
        // A side that the graph fixes stays as it is.
        for (var i = 1; i < larger.Length; i++)
            if (model.Input.Dims![i] > 0) larger[i] = model.Input.Dims[i];
        var (layers, misfit) = Trial.Of(() => ShapedModels.Layers(model, larger));
        return misfit is not null ? false : layers is not null && ShapedModel.Whole(model, larger) is not null ? true : null;
    }

    private sealed record Held(int? Rows);

    private sealed record Seen(Detector? Detector);
}

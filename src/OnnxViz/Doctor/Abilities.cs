using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;

namespace OnnxViz.Doctor;

/// <param name="Runs">Why the network, or its layers, cannot be run; null where they can.</param>
/// <param name="Answers">Why nothing can be listed of its answer, be it classes, boxes or units.</param>
/// <param name="Classes">Why there are no scores of classes.</param>
/// <param name="Gradient">Why no gradient leads from the score to the picture.</param>
/// <param name="Maps">Why there is no layer for class activation maps.</param>
/// <param name="MapGradient">Why no gradient leads to that layer.</param>
internal sealed record Obstacles(string? Runs, string? Answers, string? Classes, string? Gradient, string? Maps, string? MapGradient);

/// <summary>What can be asked of a network, feature by feature, by what each needs.</summary>
internal static class Abilities
{
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input for one picture.</param>
    /// <param name="start">Layers to begin with.</param>
    /// <param name="found">What is in the way.</param>
    public static IReadOnlyList<Ability> Of(VisionModel model, long[] inputDims, IReadOnlyList<StartLayer> start, Obstacles found)
    {
        var noLayer = found.Runs ?? (start.Count == 0 ? "No layer is computed of the picture alone." : null);
        var noLayerGradient = noLayer ?? (start.Any(s => s.NoGradient is null) ? null : start[^1].NoGradient);
        var noPicture = Trial.Obstacle(model.Conventions.RequirePictures);
        var saliency = SaliencyMethod.All.GroupBy(m => Needs(m, found))
            .Select(g => new Ability("saliency", [.. g.Select(m => m.Word)], g.Key)).OrderBy(a => a.Obstacle is not null);
        return
        [
            new("predict", [], found.Answers),
            .. saliency,
            new("segment", [], found.Classes ?? noPicture ?? found.Gradient),
            new("activations", [], noLayer),
            new("top", [], noPicture ?? noLayer),
            new("kernels", [], NoKernels(model, inputDims)),
            new("maximize", [], noLayerGradient),
            new("invert", [], noLayerGradient),
            new("deconv", [], model.Conventions.Axes.IsPicture() ? noLayerGradient : $"What units saw is drawn of pictures, and the model takes {model.Conventions.Kind}s."),
            new("prepare", [], noLayerGradient),
        ];
    }

    private static string? Needs(SaliencyMethod method, Obstacles found) => method switch
    {
        GradCamFamily => found.Maps ?? found.MapGradient,
        GuidedGradCam => found.Maps ?? found.MapGradient ?? found.Gradient,
        { Family: SaliencyFamily.LayerMap } => found.Runs ?? found.Maps,
        { Family: SaliencyFamily.Perturbation } => found.Runs,
        _ => found.Gradient,
    };

    private static string? NoKernels(VisionModel model, long[] inputDims)
    {
        if (model.Graph.Nodes.Find(n => n.OpType == "Conv") is not { } first) return "There is no convolution.";
        return Trial.Of(() =>
        {
            var weight = first.Required(1);
            var constant = weight.Constant ?? ShapedModel.Start(model, inputDims, weight)[weight].Constant;
            return constant is null ? "The weights of its first convolution are computed from the input."
                : constant.Dims.Length == 4 ? ""
                : $"The weights of its first convolution have the shape [{Shapes.Text(constant.Dims)}]: those of 2-D convolutions are shown.";
        }) switch
        {
            (null, var obstacle) => obstacle,
            ("", _) => null,
            (var why, _) => why,
        };
    }
}

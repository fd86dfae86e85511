using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz;

/// <summary>Why a network answers as it does.</summary>
public static class ExplainExtensions
{
    /// <summary>Which parts of a picture a score depends on: the raw map, and the map over the picture.</summary>
    /// <param name="model">The network.</param>
    /// <param name="picture">A path or an image, of any size; it is framed as the model's conventions say.</param>
    /// <param name="method">How the score is traced back, with its options.</param>
    /// <param name="target">The score; null for the picture's highest class.</param>
    /// <param name="runtime">Where it runs; null for the default.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, by methods that run the network many times.</param>
    /// <param name="token">Stops within a run of the network.</param>
    /// <exception cref="OnnxVizException">The score or the layer does not exist, has no gradient, or an option makes no sense.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static Explained Explain(
        this VisionModel model, PictureSource picture, SaliencyMethod method, ScoreTarget? target = null, RuntimeOptions? runtime = null,
        IProgress<double>? progress = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        target ??= ScoreTarget.OfClass(model, null);
        var framed = picture.Framed(model);
        var result = model.Explain(model.ToTensor([framed]), method, target, runtime, progress, token);
        var layer = target.Layer == ClassOutput.Of(model) ? null : model.Layers.NameOf(target.Layer);
        return Explained.Of(result, 0, model, method, "", framed, Explained.SubjectOf(model, layer, result.Units[0], target.Minus, target.Position));
    }
}

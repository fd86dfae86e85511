using OnnxViz.Features;

namespace OnnxViz;

/// <summary>What a network answers, and what its layers make of a picture.</summary>
public static class FeatureExtensions
{
    /// <summary>The classes that a classifier takes a picture for, the most probable first.</summary>
    /// <param name="model">A network with an output of one score for each class.</param>
    /// <param name="picture">A path or an image.</param>
    /// <param name="count">How many classes at most.</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="token">Ends the run.</param>
    /// <exception cref="OnnxVizException">No classifier, or a picture that cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<Prediction> Predict(
        this VisionModel model, PictureSource picture, int count = 5, RuntimeOptions? runtime = null, CancellationToken token = default)
    {
        var scores = Classification.Scores(model, picture.Input(model), runtime ?? RuntimeOptions.Default, token);
        var kind = Probabilities.Of(model, ClassOutput.Of(model), scores);
        return [.. Classification.Top(Tensors.Row(scores, 0), count, kind).Select(p => p with { Name = model.Labels?.ElementAtOrDefault(p.Class) })];
    }

    /// <summary>What layers make of a picture; the network is run once, up to the last of them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="picture">A path or an image.</param>
    /// <param name="layers">Names as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="token">Ends the run.</param>
    /// <returns>One result for each layer, in their order.</returns>
    /// <exception cref="OnnxVizException">An unknown layer, or a picture that cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<ActivationMaps> Activations(
        this VisionModel model, PictureSource picture, IReadOnlyList<string> layers, RuntimeOptions? runtime = null, CancellationToken token = default)
    {
        var values = layers.Select(model.Layers.Find).ToList();
        var found = FeatureMaps.Of(model, picture.Input(model), values, runtime ?? RuntimeOptions.Default, token);
        return [.. found.Zip(layers, (activation, layer) => new ActivationMaps(layer, activation.Raw, activation.Maps))];
    }

    /// <summary>What one layer makes of a picture.</summary>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <inheritdoc cref="Activations(VisionModel, PictureSource, IReadOnlyList{string}, RuntimeOptions?, CancellationToken)"/>
    /// <returns>The layer's activation.</returns>
    public static ActivationMaps Activations(
        this VisionModel model, PictureSource picture, string layer, RuntimeOptions? runtime = null, CancellationToken token = default) =>
        model.Activations(picture, [layer], runtime, token)[0];
}

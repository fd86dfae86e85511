using OnnxViz.Invert;

namespace OnnxViz;

/// <summary>What layers keep of a picture.</summary>
public static class InvertExtensions
{
    /// <summary>A picture found from nothing but a layer's activation of another one.</summary>
    /// <param name="model">The network; only what lies before the layer is run.</param>
    /// <param name="picture">A path or an image.</param>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="options">How; null for the recipe of Mahendran and Vedaldi (2016).</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Ends the search within a step.</param>
    /// <returns>The best of the starts.</returns>
    /// <exception cref="OnnxVizException">An unknown layer, a picture that cannot be read, or a code that is zero.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static Inverted Invert(
        this VisionModel model, PictureSource picture, string layer, InvertOptions? options = null, RuntimeOptions? runtime = null,
        IProgress<InversionProgress>? progress = null, CancellationToken token = default)
    {
        var found = Inversion.Run(
            model, picture.Input(model), ["the picture"], [model.Layers.Find(layer)], options ?? new InvertOptions(), runtime ?? RuntimeOptions.Default, progress, token);
        token.ThrowIfCancellationRequested();
        return found[0];
    }
}

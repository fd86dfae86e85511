using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Segmentation;
using OnnxViz.Objectives;
using OnnxViz.Saliency;

namespace OnnxViz.Segment;

/// <param name="Class">The class whose object was looked for.</param>
/// <param name="Score">Of that class.</param>
/// <param name="Saliency">[H, W] of the picture, before the blur.</param>
/// <param name="Mask">The object; empty where the saliency is the same everywhere.</param>
public sealed record SegmentResult(long Class, float Score, float[] Saliency, PixelMask Mask);

/// <summary>Cuts the object of a class out of a picture, from nothing but a classifier (Simonyan et al. 2013, section 3.2).</summary>
public static class Segmenter
{
    /// <param name="model">A classifier.</param>
    /// <param name="input">[1, C, H, W] or [1, H, W, C], as the model takes it.</param>
    /// <param name="picture">The same as a picture, H x W.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="target">The class; null for the picture's highest one.</param>
    /// <param name="runtime">Where it runs; null for the default.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="OnnxVizException">An option makes no sense, the class does not exist, or its saliency is not finite.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static SegmentResult Segment(
        this VisionModel model, Tensor input, Image picture, SegmentOptions? options = null, ScoreTarget? target = null, RuntimeOptions? runtime = null,
        IProgress<double>? progress = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        options ??= new();
        options.Check();
        var layout = InputLayout.Of(model.Conventions.Axes, model.Conventions.InputDims(1, picture.Height, picture.Width));
        if (!model.Conventions.Axes.IsPicture() || !input.Dims.AsSpan(1).SequenceEqual(layout.Axes.Dims(1, layout.Channels, layout.Depth, layout.Height, layout.Width).AsSpan(1)))
            throw OnnxVizException.Input($"An object is cut out of one picture, gray or in colours; {model.Name} takes {model.Conventions.Kind}s of {model.Conventions.Color}.");
        var found = model.Explain(input, options.Method, target, runtime, progress, token);
        foreach (var number in found.Attribution.As<float>())
            if (!float.IsFinite(number)) throw OnnxVizException.Input($"The {options.Method} attribution of {model.Name} holds NaN or infinite numbers: its weights or the input hold such numbers, or too large ones.");
        var saliency = AttributionMap.OfPixels(found.Attribution, options.Method.IsLayerMap, layout);
        var blurred = GaussianBlur.Apply(saliency, picture.Width, picture.Height, options.Blur);
        var mask = GraphCut.Segment(picture, blurred, new GraphCutOptions(options.Foreground, options.Background, options.Smoothness), token);
        return new SegmentResult(found.Units[0], found.Scores[0], saliency, mask);
    }
}

using OnnxViz.Imaging;
using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Segmentation;

namespace OnnxViz.Segment;

/// <summary>Where the object of a class is, from nothing but a classifier (Simonyan et al. 2013, section 3.2).</summary>
public static class ObjectSegmentation
{
    /// <param name="picture">As the model sees it.</param>
    /// <param name="saliency">[H, W] of that picture.</param>
    /// <param name="smoothing">Deviation of a Gaussian over the map, in pixels; 0 for none.</param>
    /// <param name="options">Of the cut.</param>
    /// <param name="token">Stops.</param>
    public static PixelMask Of(Image picture, ReadOnlySpan<float> saliency, double smoothing, GraphCutOptions options, CancellationToken token = default) =>
        GraphCut.Segment(picture, GaussianBlur.Apply(saliency, picture.Width, picture.Height, smoothing), options, token);
}

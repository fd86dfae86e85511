using OnnxViz.Imaging.Resample;

namespace OnnxViz.Saliency;

/// <summary>One number for every pixel from an attribution to all channels of the input.</summary>
public static class AttributionMap
{
    /// <summary>How much each pixel matters, whatever the method: a layer's map is enlarged, of channels the largest is taken.</summary>
    /// <param name="attribution">[1, C, H, W] or [1, H, W, C], or a layer's map [1, 1, h, w].</param>
    /// <param name="isLayerMap">Whether it is the latter.</param>
    /// <param name="conventions">Of the model.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <returns>[H, W]</returns>
    public static float[] OfPixels(Tensor attribution, bool isLayerMap, PictureConventions conventions, int width, int height) => isLayerMap
        ? MapResampler.Resize(attribution.As<float>(), (int)attribution.Dims[3], (int)attribution.Dims[2], width, height)
        : Magnitude(attribution.As<float>(), conventions, width * height);

    /// <summary>The largest absolute value over the channels (Simonyan et al. 2013): how much, whatever the sign.</summary>
    /// <param name="attribution">[1, C, H, W] or [1, H, W, C].</param>
    /// <param name="conventions">Which of the two.</param>
    /// <param name="pixels">H * W.</param>
    /// <returns>[H, W], 0 and more.</returns>
    public static float[] Magnitude(ReadOnlySpan<float> attribution, PictureConventions conventions, int pixels)
    {
        var map = new float[pixels];
        for (var k = 0; k < conventions.Channels; k++)
            for (var i = 0; i < pixels; i++) map[i] = Math.Max(map[i], Math.Abs(attribution[At(conventions, k, i, pixels)]));
        return map;
    }

    /// <summary>The sum over the channels: for and against.</summary>
    /// <inheritdoc cref="Magnitude"/>
    /// <returns>[H, W], signed.</returns>
    public static float[] Sum(ReadOnlySpan<float> attribution, PictureConventions conventions, int pixels)
    {
        var map = new float[pixels];
        for (var k = 0; k < conventions.Channels; k++)
            for (var i = 0; i < pixels; i++) map[i] += attribution[At(conventions, k, i, pixels)];
        return map;
    }

    /// <summary>Index of a channel of a pixel.</summary>
    public static int At(PictureConventions conventions, int channel, int pixel, int pixels) =>
        new InputLayout(conventions.Channels, 1, pixels, conventions.ChannelsLast).At(channel, pixel);
}

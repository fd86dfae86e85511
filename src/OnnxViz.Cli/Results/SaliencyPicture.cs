using OnnxViz.Imaging;
using OnnxViz.Visualize;

namespace OnnxViz.Cli.Results;

/// <summary>Draws attributions.</summary>
internal static class SaliencyPicture
{
    /// <summary>Gradients flicker from pixel to pixel: an overlay shows their mean over blocks of this side.</summary>
    private const int OverlayBlock = 8;

    private const double Percentile = 99;

    private const float OverlayAlpha = 0.75f;

    public static Image Draw(Explained explained, PictureConventions conventions, SaliencyMethod method, SaliencyDisplay display)
    {
        var attribution = explained.Attribution.As<float>();
        var (w, h) = (explained.Shown.Width, explained.Shown.Height);
        switch (display)
        {
            case SaliencyDisplay.Absolute: return Absolute(attribution, conventions, w, h);
            case SaliencyDisplay.Signed: return Signed(attribution, conventions, w, h);
            case SaliencyDisplay.Color: return Color(attribution, conventions, w, h);
            case SaliencyDisplay.Overlay: return Over(explained.Shown, attribution, conventions);
        }

        // Each method in the way in which its authors show it.
        var map = method switch
        {
            SaliencyMethod.Gradient => Absolute(attribution, conventions, w, h),
            SaliencyMethod.InputXGradient => Signed(attribution, conventions, w, h),
            _ => Color(attribution, conventions, w, h),
        };
        return Grid.Compose(
            [
                new(explained.Shown, explained.Picture),
                new(map, $"{explained.Subject} ({explained.Score:0.00})"),
                new(Over(explained.Shown, attribution, conventions), "overlay"),
            ],
            new GridOptions { Columns = 3 });
    }

    private static Image Absolute(ReadOnlySpan<float> attribution, PictureConventions c, int w, int h)
    {
        var map = AttributionMap.Magnitude(attribution, c, w * h);
        return ColorMap.Viridis.Apply(map, w, h, MapRange.Positive(map, Percentile));
    }

    private static Image Signed(ReadOnlySpan<float> attribution, PictureConventions c, int w, int h)
    {
        var map = AttributionMap.Sum(attribution, c, w * h);
        return ColorMap.RdBu.Reversed().Apply(map, w, h, MapRange.Symmetric(map, Percentile));
    }

    private static Image Color(ReadOnlySpan<float> attribution, PictureConventions c, int w, int h) =>
        Pictures.FromSigned(attribution, c, w, h, MapRange.Symmetric(attribution, Percentile + 0.5));

    private static Image Over(Image picture, ReadOnlySpan<float> attribution, PictureConventions c)
    {
        var (w, h) = (picture.Width, picture.Height);
        var (cw, ch) = (Math.Max(1, w / OverlayBlock), Math.Max(1, h / OverlayBlock));
        var coarse = MapResampler.Resize(AttributionMap.Magnitude(attribution, c, w * h), w, h, cw, ch);
        var smooth = MapResampler.Resize(coarse, cw, ch, w, h);
        var range = MapRange.Positive(smooth, Percentile);
        var strength = Array.ConvertAll(smooth, range.Normalize);
        return Overlay.Blend(picture, ColorMap.Viridis.Apply(smooth, w, h, range), OverlayAlpha, strength);
    }
}

using OnnxViz.Imaging.Resample;

namespace OnnxViz.Views;

/// <summary>Receptive fields cut out of pictures, enlarged, all fields of a layer at the same scale.</summary>
internal static class FieldPanel
{
    /// <summary>What lies outside the picture, and what contributes nothing to a projection.</summary>
    private const byte Gray = 128;

    /// <param name="picture">As the model sees it, or its projection.</param>
    /// <param name="field">What is cut out.</param>
    /// <param name="size">Height and width of a field that no border cuts off.</param>
    /// <param name="side">Of the square that it is drawn in, in pixels.</param>
    /// <param name="isSharp">Pixels of a small field become squares, a whole number of pixels each.</param>
    public static Image Cut(Image picture, PixelBox field, (int Height, int Width) size, int side, bool isSharp = false)
    {
        var panel = new Image(side, side);
        panel.Pixels.AsSpan().Fill(Gray);
        var scale = (double)side / Math.Max(size.Height, size.Width);
        isSharp &= scale >= 1;
        if (isSharp) scale = Math.Floor(scale);
        var (width, height) = (Scaled(field.Width), Scaled(field.Height));
        var seen = ImageOps.Crop(picture, field.X, field.Y, field.Width, field.Height);
        var cut = isSharp ? ImageOps.Enlarge(seen, (int)scale) : Resampler.Resize(seen, width, height, ResampleFilter.Bicubic);
        // A field that the picture's left or upper border cuts off lies at the panel's other side.
        var (whole, tall) = (Scaled(size.Width), Scaled(size.Height));
        var left = ((side - whole) / 2) + (field.X == 0 ? whole - width : 0);
        var top = ((side - tall) / 2) + (field.Y == 0 ? tall - height : 0);
        ImageOps.Paste(panel, cut, left, top);
        return panel;

        int Scaled(int length) => Math.Clamp((int)Math.Round(length * scale), 1, side);
    }

    /// <summary>All of a picture, its longer side brought to the given length.</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="side">In pixels.</param>
    /// <param name="isSharp">Pixels of a small picture become squares, a whole number of pixels each.</param>
    public static Image Whole(Image picture, int side, bool isSharp = false)
    {
        var scale = (double)side / Math.Max(picture.Width, picture.Height);
        if (isSharp && scale >= 1) return ImageOps.Enlarge(picture, (int)scale);
        return Resampler.Resize(
            picture, Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)), ResampleFilter.Bicubic);
    }
}

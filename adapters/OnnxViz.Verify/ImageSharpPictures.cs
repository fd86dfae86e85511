using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace OnnxViz.Verify;

/// <summary>Pictures of this library as ImageSharp's, and back.</summary>
public static class ImageSharpPictures
{
    /// <summary>A copy of a picture, pixel by pixel.</summary>
    public static Image<Rgb24> ToImageSharp(this Imaging.Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Image.LoadPixelData<Rgb24>(picture.Pixels, picture.Width, picture.Height);
    }

    /// <summary>A copy of a picture, pixel by pixel; what is transparent is as it would be without.</summary>
    public static Imaging.Image ToOnnxViz(this Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var rgb = picture.CloneAs<Rgb24>();
        var copy = new Imaging.Image(rgb.Width, rgb.Height);
        rgb.CopyPixelDataTo(copy.Pixels);
        return copy;
    }
}

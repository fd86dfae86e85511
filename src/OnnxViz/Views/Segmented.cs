using OnnxViz.Imaging.Segmentation;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Segment;

namespace OnnxViz.Views;

/// <summary>How a segmentation is drawn.</summary>
public enum SegmentDisplay
{
    /// <summary>All of it, beside each other.</summary>
    Sheet,

    /// <summary>White where the object is.</summary>
    Mask,

    /// <summary>The object on white.</summary>
    CutOut,

    /// <summary>The picture with the box around the object.</summary>
    Box,
}

/// <summary>One picture with the object that was found in it.</summary>
/// <param name="Picture">Its name, such as that of its file.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Subject">The class's name.</param>
/// <param name="Found">The object, at the size of the picture.</param>
public sealed record Segmented(string Picture, Image Shown, string Subject, SegmentResult Found)
{
    /// <summary>A line of two pixels would hide much of a smaller picture.</summary>
    private const int SmallSide = 64;

    private static readonly byte[] BoxColor = [255, 64, 32];

    private PixelMask Mask => Found.Mask;

    public Image Draw(SegmentDisplay display) => display switch
    {
        SegmentDisplay.Mask => White(),
        SegmentDisplay.CutOut => CutOut(),
        SegmentDisplay.Box => Boxed(),
        _ => Grid.Compose(
            [
                new(Boxed(), Picture), new(ColorMap.Viridis.Apply(Found.Saliency, Mask.Width, Mask.Height, MapRange.Positive(Found.Saliency)), $"{Subject} ({Digits.Text(Found.Score, 2)})"),
                new(White(), $"mask, {Mask.Area:0%}"), new(CutOut(), "cut-out"),
            ],
            new GridOptions { Columns = 4 }),
    };

    private Image White()
    {
        var image = new Image(Mask.Width, Mask.Height);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = Mask.Pixels[i / 3] ? (byte)255 : (byte)0;
        return image;
    }

    private Image CutOut()
    {
        var image = new Image(Mask.Width, Mask.Height);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = Mask.Pixels[i / 3] ? Shown.Pixels[i] : (byte)255;
        return image;
    }

    private Image Boxed()
    {
        var image = new Image(Shown.Width, Shown.Height, [.. Shown.Pixels]);
        if (Mask.Box is not var (left, top, w, h)) return image;
        var line = Math.Min(Shown.Width, Shown.Height) < SmallSide ? 1 : 2;
        for (var y = top; y < top + h; y++)
        {
            for (var x = left; x < left + w; x++)
            {
                // Inside the box.
                if (Math.Min(Math.Min(x - left, left + w - 1 - x), Math.Min(y - top, top + h - 1 - y)) < line) BoxColor.CopyTo(image.Pixels, image.Offset(x, y));
            }
        }

        return image;
    }
}

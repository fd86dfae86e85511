using System.Text.Json.Nodes;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Segmentation;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Segment;

/// <summary>One picture with the object that was found in it.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Subject">The class's name.</param>
/// <param name="Class">Its number.</param>
/// <param name="Score">Of the class.</param>
/// <param name="Saliency">[H, W]</param>
/// <param name="Mask">The object, of the same size.</param>
internal sealed record Segmented(string Picture, Image Shown, string Subject, long Class, float Score, float[] Saliency, PixelMask Mask)
{
    private static readonly byte[] BoxColor = [255, 64, 32];

    public string[] Row() =>
        [Picture, Subject, Digits.Text(Score), $"{Mask.Area:0.0%}", Mask.Box is var (x, y, w, h) ? $"{x}, {y}, {w}, {h}" : "no object"];

    public JsonObject Facts() => new()
    {
        ["picture"] = Picture,
        ["subject"] = Subject,
        ["unit"] = Class,
        ["score"] = Score,
        ["area"] = Mask.Area,
        ["box"] = Mask.Box is var (x, y, w, h) ? new JsonArray(x, y, w, h) : null,
    };

    public Image Draw(SegmentDisplay display) => display switch
    {
        SegmentDisplay.Mask => White(),
        SegmentDisplay.CutOut => CutOut(),
        SegmentDisplay.Box => Boxed(),
        _ => Grid.Compose(
            [
                new(Boxed(), Picture), new(ColorMap.Viridis.Apply(Saliency, Mask.Width, Mask.Height, MapRange.Positive(Saliency)), $"{Subject} ({Digits.Text(Score, 2)})"),
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
        for (var y = top; y < top + h; y++)
        {
            for (var x = left; x < left + w; x++)
            {
                // Two pixels wide, inside the box.
                if (Math.Min(Math.Min(x - left, left + w - 1 - x), Math.Min(y - top, top + h - 1 - y)) < 2) BoxColor.CopyTo(image.Pixels, image.Offset(x, y));
            }
        }

        return image;
    }
}

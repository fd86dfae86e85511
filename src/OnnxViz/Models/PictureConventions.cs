using OnnxViz.Imaging.Resample;
using OnnxViz.Options;

namespace OnnxViz.Models;

/// <summary>How a picture is brought to the model's size.</summary>
public enum PictureFit
{
    /// <summary>Both sides to the model's, without regard to the proportions.</summary>
    Stretch,

    /// <summary>The short side to a given length, then a crop of the model's size from the middle (torchvision).</summary>
    ShortSideCrop,
}

/// <summary>
/// What a model expects of a picture: x = (low + v/255 (high - low) - mean) / std for every 8-bit value v, in the
/// model's colour order and layout.
/// </summary>
public sealed record PictureConventions
{
    /// <summary>Of torchvision's ImageNet models; taken for a model that is in no catalogue.</summary>
    public static PictureConventions ImageNet { get; } = new() { Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };

    /// <summary>The model's channels are blue, green, red instead of red, green, blue.</summary>
    public bool Bgr { get; init; }

    /// <summary>[N, H, W, C] instead of [N, C, H, W].</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>3, or 1 for a model of gray pictures, which get the luma of ITU-R 601.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>What black becomes before mean and deviation.</summary>
    public float Low { get; init; }

    /// <summary>What white becomes before mean and deviation.</summary>
    public float High { get; init; } = 1;

    /// <summary>Subtracted from each channel, in the model's order, in units of Low..High.</summary>
    public float[] Mean { get; init; } = [0, 0, 0];

    /// <summary>What each channel is divided by, in the model's order, in units of Low..High; positive.</summary>
    public float[] Std { get; init; } = [1, 1, 1];

    /// <summary>Height of what the model sees, in pixels.</summary>
    public int Height { get; init; } = 224;

    /// <summary>Width of what the model sees, in pixels.</summary>
    public int Width { get; init; } = 224;

    /// <summary>How a picture is brought to that size.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Stretch;

    /// <summary>Length of the short side before the crop, in pixels.</summary>
    public int ShortSide { get; init; } = 256;

    /// <summary>With which pixels are interpolated, as Pillow does.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>All of this in words, by name; but for the filter, which comes with the model.</summary>
    public IReadOnlyList<(string Name, string Text)> Texts =>
    [
        ("size", $"{Height}x{Width}"),
        ("fit", Fit == PictureFit.Stretch ? "stretch" : $"short-side {ShortSide}, crop"),
        ("color", Channels == 1 ? "gray" : Bgr ? "bgr" : "rgb"),
        ("layout", ChannelsLast ? "nhwc" : "nchw"),
        ("range", Option.Text(new[] { Low, High })),
        ("mean", Option.Text(Mean)),
        ("std", Option.Text(Std)),
    ];

    /// <summary>The picture at the model's size: what the model is going to see.</summary>
    public Image Frame(Image picture)
    {
        if (Fit == PictureFit.Stretch) return Resampler.Resize(picture, Width, Height, Filter);
        // A target larger than the short side would have nothing to crop from.
        var resized = ImageOps.ResizeShortSide(picture, Math.Max(ShortSide, Math.Max(Width, Height)), Filter);
        return ImageOps.CenterCrop(resized, Width, Height);
    }

    /// <summary>Dimensions of the input tensor for a batch of pictures of the given size.</summary>
    public long[] InputDims(long batch, long height, long width) =>
        ChannelsLast ? [batch, height, width, Channels] : [batch, Channels, height, width];

    /// <summary>Index of a channel of a pixel in one row of the model's input; pixels count along the lines.</summary>
    /// <param name="channel">In the model's order.</param>
    /// <param name="pixel">0 to pixels - 1.</param>
    /// <param name="pixels">Height times width.</param>
    public int At(int channel, int pixel, int pixels) => ChannelsLast ? (pixel * Channels) + channel : (channel * pixels) + pixel;

    /// <summary>The input tensor of one framed picture, as [1, ...].</summary>
    public Tensor ToTensor(Image framed)
    {
        var (h, w) = (framed.Height, framed.Width);
        var result = new float[Channels * h * w];
        for (var p = 0; p < h * w; p++)
        {
            for (var c = 0; c < Channels; c++)
            {
                result[At(c, p, h * w)] = (Low + (Level(framed, p, c) / 255f * (High - Low)) - Mean[c]) / Std[c];
            }
        }

        return Tensor.Of(result, InputDims(1, h, w));
    }

    /// <summary>For each channel of the model the index of the colour that it shows: 0 red, 1 green, 2 blue.</summary>
    public int[] RgbOrder => Channels == 1 ? [0] : Bgr ? [2, 1, 0] : [0, 1, 2];

    private float Level(Image image, int pixel, int channel)
    {
        var at = 3 * pixel;
        var rgb = image.Pixels;
        return Channels == 1
            ? (0.299f * rgb[at]) + (0.587f * rgb[at + 1]) + (0.114f * rgb[at + 2])
            : rgb[at + RgbOrder[channel]];
    }
}

using System.Text.Json.Serialization;
using OnnxViz.Imaging.Resample;

namespace OnnxViz.Models;

/// <summary>Picture conventions as models.json and model.json write them.</summary>
/// <param name="Input">The model's input.</param>
/// <param name="Mean">Per channel in the input's colour order, in units of the range.</param>
/// <param name="Std">What each channel is divided by, in the same order and units.</param>
/// <param name="Picture">How a picture is brought to size.</param>
internal sealed record Preprocessing(PreprocessingInput Input, float[] Mean, float[] Std, PreprocessingPicture Picture)
{
    private const string ShortSideCrop = "short-side", Letterbox = "letterbox";

    private const string Linear = "linear";

    private InputAxes Axes => AxisLetters.Of(Input.Layout) ?? InputAxes.Nchw;

    /// <summary>What to do with a picture: x = (low + v/255 (high - low) - mean) / std.</summary>
    public PictureConventions ToConventions() => new()
    {
        Bgr = Input.Color is "bgr" or "bgra",
        Axes = Axes,
        Channels = (int)Axes.Length(Input.Shape, 'c'),
        Depth = Picture.Depth ?? 1,
        IsLinear = Input.Gamma == Linear,
        Low = Input.Range[0],
        High = Input.Range[1],
        Mean = Mean,
        Std = Std,
        Height = Picture.Height ?? Picture.Size ?? throw new FormatException("picture has no size"),
        Width = Picture.Width ?? Picture.Size ?? throw new FormatException("picture has no size"),
        Fit = Picture.Resize switch { ShortSideCrop => PictureFit.ShortSideCrop, Letterbox => PictureFit.Letterbox, _ => PictureFit.Stretch },
        ShortSide = Picture.ShortSide ?? 256,
        Filter = Picture.Filter == "bilinear" ? ResampleFilter.Bilinear : ResampleFilter.Bicubic,
    };

    /// <param name="c">The conventions.</param>
    /// <param name="name">Name of the input.</param>
    /// <param name="shape">Shape of the input, -1 where any size will do.</param>
    public static Preprocessing Of(PictureConventions c, string name, long[] shape)
    {
        var crops = c.Fit == PictureFit.ShortSideCrop;
        return new(
            new(name, shape, c.Color.ToLowerInvariant(), c.Axes.Letters(), [c.Low, c.High]) { Gamma = c.IsLinear ? Linear : null },
            c.Mean,
            c.Std,
            new(crops ? ShortSideCrop : c.Fit == PictureFit.Letterbox ? Letterbox : "stretch", c.Filter == ResampleFilter.Bilinear ? "bilinear" : "bicubic")
            {
                Height = c.Height,
                Width = c.Width,
                Depth = c.Axes.IsVolume() ? c.Depth : null,
                ShortSide = crops ? c.ShortSide : null,
                Crop = crops ? "center" : null,
            });
    }
}

/// <param name="Name">Name of the tensor.</param>
/// <param name="Shape">-1 where any size will do.</param>
/// <param name="Color">rgb, bgr, gray, rgba, bgra, or how many channels there are.</param>
/// <param name="Layout">nchw, nhwc or another order of axes.</param>
/// <param name="Range">What black and white become before mean and std.</param>
internal sealed record PreprocessingInput(string Name, long[] Shape, string Color, string Layout, float[] Range)
{
    /// <summary>"linear" where sRGB's gamma is taken out of pictures; null where it stays.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gamma { get; init; }
}

/// <param name="Resize">short-side, letterbox or stretch.</param>
/// <param name="Filter">bicubic or bilinear, antialiased as Pillow's.</param>
/// <param name="Size">Length of both sides, where they are equal.</param>
/// <param name="Height">Height, where they are not.</param>
/// <param name="Width">Width, where they are not.</param>
/// <param name="ShortSide">Its length before the crop.</param>
/// <param name="Crop">center, or nothing.</param>
/// <param name="Depth">Slices of a volume.</param>
internal sealed record PreprocessingPicture(
    string Resize,
    string Filter = "bicubic",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Size = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Height = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Width = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ShortSide = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Crop = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Depth = null);

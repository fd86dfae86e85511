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

    /// <summary>Of <see cref="PreprocessingInput.Gamma"/>.</summary>
    public const string Linear = "linear";

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

/// <summary>Reads what is said of pictures in models.json, in the model.json of a prepared folder and in a model's own metadata, any of which anybody may have written.</summary>
internal static class PreprocessingReader
{
    private const int LargestSide = 16384;

    /// <summary>Of volumes and signals; pictures have fewer.</summary>
    private const int MostChannels = 1 << 16;

    private const int LongestSignal = 1 << 26;

    /// <exception cref="FormatException">Something is missing, of another kind, out of its bounds, or does not go with the rest.</exception>
    public static Preprocessing Read(JsonField field)
    {
        var input = Input(field["input"]);
        var axes = AxisLetters.Of(input.Layout)!.Value;
        var channels = axes.Length(input.Shape, 'c');
        var (mean, std) = (Numbers(field["mean"], channels), Numbers(field["std"], channels));
        if (!Array.TrueForAll(std, s => s > 0)) throw field["std"].Wrong("has to be above 0");
        var picture = Picture(field["picture"], axes.IsSignal() ? LongestSignal : LargestSide);
        CheckSide(field, axes, input.Shape, 'h', picture.Height ?? picture.Size);
        CheckSide(field, axes, input.Shape, axes.IsSignal() ? 't' : 'w', picture.Width ?? picture.Size);
        return new(input, mean, std, picture);
    }

    private static PreprocessingInput Input(JsonField field)
    {
        var layout = field["layout"].Text();
        if (AxisLetters.Of(layout) is not { } axes) throw field["layout"].Wrong($"is '{layout}', neither nchw nor nhwc nor another order of axes");
        long[] shape = [.. field["shape"].List().Select(d => d.Whole(-1, LongestSignal))];
        if (shape.Length != layout.Length) throw field["shape"].Wrong($"has to have {layout.Length} dimensions");
        if (shape.Contains(0)) throw field["shape"].Wrong("has a dimension of 0");
        var channels = axes.Length(shape, 'c');
        if (channels is < 1 or > MostChannels) throw field["shape"].Wrong($"has {channels} channels");
        var color = field["color"].Text();
        var needed = color switch { "gray" => 1, "rgb" or "bgr" => 3, "rgba" or "bgra" => 4, _ when color.Contains("channel", StringComparison.Ordinal) => channels, _ => -1 };
        if (needed < 0) throw field["color"].Wrong($"is '{color}', none of rgb, bgr and gray");
        if (needed != channels) throw field["color"].Wrong($"is {color}, which does not have {channels} channels");
        var range = Array.ConvertAll([.. field["range"].List()], (JsonField f) => f.Real());
        if (range is not [var low, var high] || low >= high) throw field["range"].Wrong("has to be two numbers, the smaller one first");
        return new(field["name"].Text(isEmptyAllowed: true), shape, color, layout, range) { Gamma = field.Find("gamma")?.Word(Preprocessing.Linear) };
    }

    private static PreprocessingPicture Picture(JsonField field, int longest)
    {
        int? Side(string name) => (int?)field.Find(name)?.Whole(1, longest);
        var picture = new PreprocessingPicture(field["resize"].Word("stretch", "short-side", "letterbox"), field.Find("filter")?.Word("bicubic", "bilinear") ?? "bicubic",
            Side("size"), Side("height"), Side("width"), Side("short_side"), field.Find("crop")?.Text(), Side("depth"));
        foreach (var (name, side) in new[] { ("height", picture.Height), ("width", picture.Width) })
            if ((side ?? picture.Size) is null) throw field.Wrong($"has neither {name} nor size");
        return picture;
    }

    private static float[] Numbers(JsonField field, long channels)
    {
        float[] numbers = [.. field.List().Select(f => f.Real())];
        return numbers.Length == channels ? numbers : throw field.Wrong($"has {numbers.Length} numbers, and {channels} are needed, one for each channel");
    }

    private static void CheckSide(JsonField field, InputAxes axes, long[] shape, char letter, int? side)
    {
        if (axes.Length(shape, letter) is > 1 and var length && length != side) throw field["picture"].Wrong($"says {side} where the input's shape says {length}");
    }
}

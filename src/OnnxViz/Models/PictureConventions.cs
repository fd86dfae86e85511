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

    /// <summary>The whole picture as large as it fits, the rest a gray of 114 (Ultralytics).</summary>
    Letterbox,
}

/// <summary>
/// What a model expects of its input. Of a picture x = (low + v/255 (high - low) - mean) / std for every 8-bit value v, in the
/// model's colour order and layout; volumes, signals and pictures of other channels come as tensors.
/// </summary>
public sealed record PictureConventions
{
    /// <summary>Of torchvision's ImageNet models; taken for a model that is in no catalogue.</summary>
    public static PictureConventions ImageNet { get; } = new() { Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };

    /// <summary>The model's channels are blue, green, red instead of red, green, blue.</summary>
    public bool Bgr { get; init; }

    /// <summary>Order of the axes of the model's input.</summary>
    public InputAxes Axes { get; init; } = InputAxes.Nchw;

    /// <summary>The channels are the last axis; set, it makes the axes [N, H, W, C] instead of [N, C, H, W].</summary>
    public bool ChannelsLast
    {
        get => Axes.HasChannelsLast();
        init => Axes = value ? InputAxes.Nhwc : InputAxes.Nchw;
    }

    /// <summary>3; 1 for a model of gray pictures, which get the luma of ITU-R 601; 4 for colours with alpha; or any number that no picture has.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Slices of a volume, or frames of a clip; 1 for anything else.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The model takes linear light: 8-bit values are freed of sRGB's gamma first.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Which channels and slices are shown of inputs that are no pictures.</summary>
    internal ShownParts Shown { get; init; } = new();

    /// <summary>Whether 8-bit pictures can be fed: gray, colour, or colour with alpha.</summary>
    public bool TakesPictures => Axes.IsPicture() && Channels is 1 or 3 or 4;

    /// <summary>Whether what is fed is a picture of red, green and blue, or of their luma.</summary>
    internal bool HasRgb => Axes.IsPicture() && Channels is 1 or 3;

    /// <summary>Planes of lines and columns in what is optimised: red, green and blue, or else each channel of each slice.</summary>
    internal int Planes => HasRgb ? 3 : Layout.Planes;

    /// <summary>Of an input of the model's own size.</summary>
    internal InputLayout Layout => new(Axes, Channels, Depth, Axes.IsSignal() ? 1 : Height, Width);

    /// <summary>Whether what is fed is shown as the picture that it is: gray or colour, and no parts of it are asked for.</summary>
    internal bool IsShownWhole => HasRgb && Shown.IsAll;

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
        ("size", Size),
        ("fit", Fit switch { PictureFit.Stretch => "stretch", PictureFit.Letterbox => "letterbox", _ => $"short-side {ShortSide}, crop" }),
        ("color", Color.ToLowerInvariant()),
        ("layout", Axes.Letters()),
        ("range", Option.Text(new[] { Low, High })),
        ("mean", Option.Text(Mean)),
        ("std", Option.Text(Std)),
        .. IsLinear ? [("gamma", "linear")] : Array.Empty<(string, string)>(),
    ];

    /// <summary>"BGR", "gray", "12 channels".</summary>
    internal string Color => (Axes.IsPicture(), Channels) switch
    {
        (true, 1) => "gray",
        (true, 3) => Bgr ? "BGR" : "RGB",
        (true, 4) => Bgr ? "BGRA" : "RGBA",
        (_, 1) => "1 channel",
        _ => $"{Channels} channels",
    };

    /// <summary>"224x224", "16x64x64" of volumes, "1000" of signals.</summary>
    internal string Size => Axes.IsSignal() ? $"{Width}" : Axes.IsVolume() ? $"{Depth}x{Height}x{Width}" : $"{Height}x{Width}";

    /// <summary>"picture", "volume" or "signal".</summary>
    internal string Kind => Axes.IsSignal() ? "signal" : Axes.IsVolume() ? "volume" : "picture";

    /// <summary>Under these conventions with the numbers for each channel repeated or cut to as many channels.</summary>
    internal PictureConventions WithChannels(int channels) => channels == Channels && channels == Mean.Length && channels == Std.Length ? this : this with
    {
        Channels = channels,
        Mean = Mean.Length == channels ? Mean : [.. Enumerable.Repeat(Mean.Length > 0 && Mean.All(m => m == Mean[0]) ? Mean[0] : 0, channels)],
        Std = Std.Length == channels ? Std : [.. Enumerable.Repeat(Std.Length > 0 && Std.All(d => d == Std[0]) ? Std[0] : 1, channels)],
    };

    /// <summary>The picture at the model's size: what the model is going to see.</summary>
    public Image Frame(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        RequirePictures();
        if (Fit == PictureFit.Stretch) return Resampler.Resize(picture, Width, Height, Filter);
        if (Fit == PictureFit.Letterbox) return Letterboxed(picture);
        // A target larger than the short side would have nothing to crop from.
        var resized = ImageOps.ResizeShortSide(picture, Math.Max(ShortSide, Math.Max(Width, Height)), Filter);
        return ImageOps.CenterCrop(resized, Width, Height);
    }

    /// <summary>Dimensions of the input tensor for a batch of pictures of the given size.</summary>
    public long[] InputDims(long batch, long height, long width) =>
        Axes.Dims(batch, Channels, Depth, Axes.IsSignal() ? 1 : height, width);

    /// <summary>Dimensions of the input tensor for a batch of inputs of the model's own size.</summary>
    internal long[] InputDims(long batch) => InputDims(batch, Height, Width);

    /// <summary>Index of a channel of a pixel in one row of the model's input; pixels count along the lines.</summary>
    /// <param name="channel">In the model's order.</param>
    /// <param name="pixel">0 to pixels - 1.</param>
    /// <param name="pixels">Height times width.</param>
    public int At(int channel, int pixel, int pixels) => new InputLayout(ChannelsLast ? InputAxes.Nhwc : InputAxes.Nchw, Channels, 1, 1, pixels).At(channel, pixel);

    /// <summary>The input tensor of one framed picture, as [1, ...].</summary>
    public Tensor ToTensor(Image framed)
    {
        ArgumentNullException.ThrowIfNull(framed);
        RequirePictures();
        var (h, w) = (framed.Height, framed.Width);
        var result = new float[Channels * h * w];
        for (var p = 0; p < h * w; p++)
        {
            for (var c = 0; c < Channels; c++)
            {
                result[At(c, p, h * w)] = (Low + (Coded(Level(framed, p, c) / 255f) * (High - Low)) - Mean[c]) / Std[c];
            }
        }

        return Tensor.Of(result, InputDims(1, h, w));
    }

    /// <summary>For each channel of the model that is a colour the index of the colour that it shows: 0 red, 1 green, 2 blue.</summary>
    public int[] RgbOrder => Channels == 1 ? [0] : Bgr ? [2, 1, 0] : [0, 1, 2];

    /// <summary>What a picture's value, 0 to 1 with sRGB's gamma, is to the model.</summary>
    private float Coded(float value) => !IsLinear ? value : value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f);

    /// <summary>The same back: what is shown for a value of the model's.</summary>
    internal float Decoded(float value) => !IsLinear ? value : value <= 0.0031308f ? value * 12.92f : (1.055f * MathF.Pow(value, 1 / 2.4f)) - 0.055f;

    /// <exception cref="OnnxVizException">The model takes no 8-bit pictures.</exception>
    internal void RequirePictures()
    {
        if (!TakesPictures)
        {
            throw OnnxVizException.Input(
                $"The model takes {Kind}s of {Color}, [{string.Join(',', Axes.Letters().ToUpperInvariant().ToCharArray())}] of {Size}, which no picture file holds: feed it a tensor.",
                argument: "InputTensor");
        }
    }

    private Image Letterboxed(Image picture)
    {
        const byte Gray = 114;
        var scale = Math.Min((double)Height / picture.Height, (double)Width / picture.Width);
        var (h, w) = (Math.Clamp((int)Math.Round(picture.Height * scale), 1, Height), Math.Clamp((int)Math.Round(picture.Width * scale), 1, Width));
        var framed = new Image(Width, Height);
        framed.Pixels.AsSpan().Fill(Gray);
        ImageOps.Paste(framed, Resampler.Resize(picture, w, h, Filter), (Width - w) / 2, (Height - h) / 2);
        return framed;
    }

    /// <summary>Of a pixel in one of the model's channels, 0 to 255; a picture's alpha is full.</summary>
    private float Level(Image image, int pixel, int channel)
    {
        var at = 3 * pixel;
        var rgb = image.Pixels;
        return Channels == 1 ? (0.299f * rgb[at]) + (0.587f * rgb[at + 1]) + (0.114f * rgb[at + 2])
            : channel == 3 ? 255
            : rgb[at + RgbOrder[channel]];
    }
}

using OnnxViz.Options;

namespace OnnxViz.Models;

/// <summary>Order of the colour channels of a model's input.</summary>
public enum ColorOrder
{
    Rgb,
    Bgr,
}

/// <summary>Order of the axes of a model's input.</summary>
public enum InputAxes
{
    /// <summary>[N, C, H, W].</summary>
    Nchw,

    /// <summary>[N, H, W, C].</summary>
    Nhwc,
}

/// <summary>What is known better of the pictures that a model expects; null leaves the model's own.</summary>
public sealed record ConventionOptions
{
    [Option("size", "Size of the picture that the model sees: a plain resize instead of resize and crop.", Form = "H|HxW")]
    public PixelSize? Size { get; init; }

    [Option("mean", "Subtracted from each channel, in units of the range.", Form = "A,B,C")]
    public float[]? Mean { get; init; }

    [Option("std", "What each channel is divided by, in units of the range.", Form = "A,B,C")]
    public float[]? Std { get; init; }

    [Option("range", "What black and white become before mean and std: 0,1 or 0,255 or -1,1.", Form = "LO,HI")]
    public float[]? Range { get; init; }

    [Option("color", "Order of the model's colour channels.")]
    public ColorOrder? Color { get; init; }

    [Option("layout", "Order of the model's input axes.")]
    public InputAxes? Layout { get; init; }

    /// <summary>The conventions of a model with these in place of its own.</summary>
    /// <exception cref="OnnxVizException">They do not fit the model, or make no sense.</exception>
    public PictureConventions Of(VisionModel model)
    {
        var c = model.Conventions;
        if (Layout is { } layout) c = WithLayout(c, model, layout);
        if (Color is { } color) c = c with { Bgr = color == ColorOrder.Bgr };
        if (Range is { } range)
        {
            if (range.Length != 2) throw Refused(nameof(Range), range, "2 numbers are needed, such as 0,1.");
            if (range[0] >= range[1]) throw Refused(nameof(Range), range, "the first number is black's and has to be the smaller one.");
            c = c with { Low = range[0], High = range[1] };
        }

        if (Mean is { } mean) c = c with { Mean = PerChannel(nameof(Mean), mean, c.Channels) };
        if (Std is { } std)
        {
            c = c with { Std = PerChannel(nameof(Std), std, c.Channels) };
            if (c.Std.Any(s => s <= 0)) throw Refused(nameof(Std), std, "the numbers have to be positive.");
        }

        return Size is { } size ? c with { Height = size.Height, Width = size.Width, Fit = PictureFit.Stretch } : c;
    }

    private static PictureConventions WithLayout(PictureConventions c, VisionModel model, InputAxes layout)
    {
        var channelsLast = layout == InputAxes.Nhwc;
        if (c.ChannelsLast == channelsLast) return c;
        var d = model.Input.Dims!;
        var (channels, h, w) = channelsLast ? (d[3], d[1], d[2]) : (d[1], d[2], d[3]);
        if (channels is not (1 or 3 or < 0))
            throw OnnxVizException.BadArgument(nameof(Layout), $"{Words.Of(layout)} would give {model.Name} {channels} colours: its input is {model.Input}.");
        var count = channels < 0 ? c.Channels : (int)channels;
        return c with
        {
            ChannelsLast = channelsLast,
            Channels = count,
            Mean = c.Mean.Length == count ? c.Mean : [.. Enumerable.Repeat(c.Mean[0], count)],
            Std = c.Std.Length == count ? c.Std : [.. Enumerable.Repeat(c.Std[0], count)],
            Height = h > 0 ? (int)h : c.Height,
            Width = w > 0 ? (int)w : c.Width,
        };
    }

    private static float[] PerChannel(string property, float[] numbers, int channels) =>
        numbers.Length == channels ? numbers
        : numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], channels)]
        : throw Refused(property, numbers, $"the model has {channels} channels, so {channels} numbers or one for all.");

    private static OnnxVizException Refused(string property, float[] numbers, string why) =>
        OnnxVizException.BadArgument(property, $"{Option.Text(numbers)}: {why}");
}

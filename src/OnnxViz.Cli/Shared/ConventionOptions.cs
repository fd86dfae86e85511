using OnnxViz.Cli.Shell;
using OnnxViz.Models;

namespace OnnxViz.Cli.Shared;

/// <summary>The options that say what a model expects of pictures.</summary>
internal static class ConventionOptions
{
    public static PictureConventions Apply(IConventions options, VisionModel model)
    {
        var c = model.Conventions;
        if (options.Layout is { } layout) c = WithLayout(c, model, Choice.Of("--layout", layout, ("nchw", false), ("nhwc", true)));
        if (options.Color is { } color) c = c with { Bgr = Choice.Of("--color", color, ("rgb", false), ("bgr", true)) };
        if (options.Range is { } range)
        {
            var numbers = Numbers.Floats("--range", range, 2);
            if (numbers[0] >= numbers[1]) throw OnnxVizException.Usage($"--range {range}: the first number is black's and has to be the smaller one.");
            c = c with { Low = numbers[0], High = numbers[1] };
        }

        if (options.Mean is { } mean) c = c with { Mean = PerChannel("--mean", mean, c.Channels) };
        if (options.Std is { } std)
        {
            c = c with { Std = PerChannel("--std", std, c.Channels) };
            if (c.Std.Any(s => s <= 0)) throw OnnxVizException.Usage($"--std {std}: the numbers have to be positive.");
        }

        if (options.Size is { } size)
        {
            var (height, width) = Numbers.Size("--size", size);
            c = c with { Height = height, Width = width, Fit = PictureFit.Stretch };
        }

        return c;
    }

    /// <summary>One line about what was assumed of a model that nobody described.</summary>
    public static string Describe(string model, PictureConventions c) =>
        $"{model} is no known model: taken as {(c.Channels == 1 ? "gray" : c.Bgr ? "BGR" : "RGB")}, range {c.Low},{c.High}, "
        + $"mean {string.Join(',', c.Mean)}, std {string.Join(',', c.Std)}, {c.Height}x{c.Width} "
        + "(--color, --range, --mean, --std, --size say otherwise).";

    private static PictureConventions WithLayout(PictureConventions c, VisionModel model, bool channelsLast)
    {
        if (c.ChannelsLast == channelsLast) return c;
        var d = model.Input.Dims!;
        var (channels, h, w) = channelsLast ? (d[3], d[1], d[2]) : (d[1], d[2], d[3]);
        if (channels is not (1 or 3 or < 0))
            throw OnnxVizException.Usage($"--layout {(channelsLast ? "nhwc" : "nchw")} would give {model.Name} {channels} colours: its input is {model.Input}.");
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

    private static float[] PerChannel(string option, string text, int channels)
    {
        var numbers = Numbers.Floats(option, text, null);
        return numbers.Length == channels ? numbers
            : numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], channels)]
            : throw OnnxVizException.Usage($"{option} {text}: the model has {channels} channels, so {channels} numbers or one for all.");
    }
}

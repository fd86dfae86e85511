using OnnxViz.Models.Metadata;
using OnnxViz.Options;

namespace OnnxViz.Models;

/// <summary>Order of the colour channels of a model's input.</summary>
public enum ColorOrder
{
    Rgb,
    Bgr,
}

/// <summary>What is known better of the pictures that a model expects; null leaves the model's own.</summary>
public sealed record ConventionOptions
{
    [Option("size", "Size of the picture that the model sees: a plain resize instead of resize and crop. Of volumes with the slices in front, of signals their samples.", Form = "H|HxW|DxHxW")]
    public PixelSize? Size { get; init; }

    [Option("mean", "Subtracted from each channel, in units of the range; one number counts for all.", Form = "A,B,..")]
    public float[]? Mean { get; init; }

    [Option("std", "What each channel is divided by, in units of the range; one number counts for all.", Form = "A,B,..")]
    public float[]? Std { get; init; }

    [Option("range", "What black and white become before mean and std: 0,1 or 0,255 or -1,1.", Form = "LO,HI")]
    public float[]? Range { get; init; }

    [Option("color", "Order of the model's colour channels.")]
    public ColorOrder? Color { get; init; }

    [Option("layout", "Order of the model's input axes: nchw or nhwc of pictures, nhw without channels; ncdhw, ndhwc, ndchw of volumes; nct, ntc, nt of signals.", Form = "AXES")]
    public InputAxes? Layout { get; init; }

    /// <summary>As many channels as a layout that was asked for may give: other axes are longer.</summary>
    private const int MostChannels = 64;

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

        return Size is { } size ? Sized(c, size) : c;
    }

    private static PictureConventions Sized(PictureConventions c, PixelSize size)
    {
        if (size.Depth is not null && !c.Axes.IsVolume()) throw OnnxVizException.BadArgument(nameof(Size), $"{size}: only volumes have three sides, the model takes {c.Size}.");
        return c with
        {
            Depth = size.Depth ?? (c.Axes.IsVolume() && size.Height == size.Width && !size.IsPair ? size.Height : c.Depth),
            Height = c.Axes.IsSignal() ? 1 : size.Height,
            Width = size.Width,
            Fit = PictureFit.Stretch,
        };
    }

    private static PictureConventions WithLayout(PictureConventions c, VisionModel model, InputAxes layout)
    {
        var dims = model.Input.Dims!;
        if (c.Axes == layout) return c;
        if (layout.Letters().Length != dims.Length)
            throw OnnxVizException.BadArgument(nameof(Layout), $"{layout.Letters()} has {layout.Letters().Length} axes, the input of {model.Name} {dims.Length}: it is {model.Input}.");
        var channels = layout.Length(dims, 'c');
        if (layout.HasChannels() && channels > MostChannels)
            throw OnnxVizException.BadArgument(nameof(Layout), $"{layout.Letters()} would give {model.Name} {channels} channels: its input is {model.Input}.");
        var (d, h, w) = (layout.Length(dims, 'd'), layout.Length(dims, 'h'), layout.Length(dims, layout.IsSignal() ? 't' : 'w'));
        return (c with
        {
            Axes = layout,
            Depth = d > 0 ? (int)d : c.Depth,
            Height = h > 0 ? (int)h : c.Height,
            Width = w > 0 ? (int)w : c.Width,
        }).WithChannels(channels > 0 ? (int)channels : c.Channels);
    }

    private static float[] PerChannel(string property, float[] numbers, int channels) =>
        numbers.Length == channels ? numbers
        : numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], channels)]
        : throw Refused(property, numbers, $"the model has {channels} channels, so {channels} numbers or one for all.");

    private static OnnxVizException Refused(string property, float[] numbers, string why) =>
        OnnxVizException.BadArgument(property, $"{Option.Text(numbers)}: {why}");
}

/// <summary>What is known better of the answer of a model.</summary>
internal sealed record LabelOptions
{
    [Option("labels-file", "Names of the classes, a line for each in the order of the scores; what has names is taken for classes.", Form = "FILE.txt")]
    public string? LabelsFile { get; init; }

    /// <summary>The model with the names of its classes that were given, or its own.</summary>
    /// <exception cref="OnnxVizException">The file cannot be read, is no list of names, or the model has another number of classes.</exception>
    public VisionModel Named(VisionModel model)
    {
        if (LabelsFile is not { } file) return model;
        var names = Names(file);
        return ClassOutput.Find(model) is { Dims: [_, > 0 and var count, ..] } && count != names.Count
            ? throw OnnxVizException.BadArgument(nameof(LabelsFile), $"{file}: it has {names.Count} names; {model.Name} has {count} scores.", Fault.Input)
            : model.WithLabels(names, Path.GetFileName(file));
    }

    /// <summary>Bytes of a file of names.</summary>
    private const int Largest = 16 << 20;

    private static List<string> Names(string file)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(OpenFile.ReadAll(file, Largest)));
            return NeighborFiles.Lines(reader.ReadToEnd());
        }
        catch (Exception e) when (e is FormatException or OnnxVizException)
        {
            throw OnnxVizException.BadArgument(nameof(LabelsFile), $"{file}: {e.Message.TrimEnd('.')}; a text file with the name of a class in each line is needed.", Fault.Input);
        }
    }
}

using System.Globalization;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Onnx;
using OnnxViz.Options;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>Where an optimisation starts: noise, a flat gray, or something given.</summary>
public sealed record Initialization : IFromFiles
{
    private const string Argument = "Init";

    private const string Noises = "noise:";

    /// <summary>The parameterisation's own noise.</summary>
    public static Initialization Default { get; } = new();

    /// <summary>RGB 0.5 everywhere.</summary>
    public static Initialization Gray { get; } = new() { Range = (0.5f, 0.5f), OfPicture = true };

    /// <summary>Uniform noise between the bounds: in the space of the tensor, or RGB in 0..1.</summary>
    public (float Low, float High)? Range { get; init; }

    /// <summary>Whether Range is in RGB even where the parameter is the model's tensor.</summary>
    public bool OfPicture { get; init; }

    /// <summary>[units or 1, C, H, W]: the model's input for the tensor, RGB in 0..1 otherwise.</summary>
    public Tensor? Array { get; init; }

    /// <summary>A picture for all units, brought to the size that is optimised.</summary>
    public Image? Picture { get; init; }

    /// <summary>Whether another seed gives another start.</summary>
    public bool IsRandom => Array is null && Picture is null && (Range is not var (low, high) || low < high);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; private init; } = [];

    public static Initialization Noise(float low, float high) => new() { Range = (low, high) };

    /// <param name="text">"noise", "noise:LO,HI", "gray", or a file: a picture, or a .npy with an array of float32.</param>
    /// <exception cref="OnnxVizException">No such file, not readable, or bounds that make no sense.</exception>
    public static Initialization Parse(string text)
    {
        if (text.Equals("noise", StringComparison.OrdinalIgnoreCase)) return Default;
        if (text.Equals("gray", StringComparison.OrdinalIgnoreCase)) return Gray;
        if (text.StartsWith(Noises, StringComparison.OrdinalIgnoreCase))
        {
            float[] bounds = [.. text[Noises.Length..].Split(',').Select(n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : float.NaN)];
            return bounds is [var low, var high] && low <= high && float.IsFinite(high - low)
                ? Noise(low, high)
                : throw OnnxVizException.BadArgument(Argument, $"{text}: two numbers are needed, the lower one first, such as noise:0,1.");
        }

        if (!text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) return new() { Picture = ImageFile.Load(text), Files = [text] };
        var tensor = NpyFile.Load(text);
        return tensor.Type == ElementType.Float
            ? new() { Array = tensor, Files = [text] }
            : throw OnnxVizException.BadArgument(Argument, $"'{text}' holds {tensor}: float32 is needed.", Fault.Input);
    }

    /// <summary>What <see cref="Parse"/> reads back, but for arrays and pictures that came from no file.</summary>
    public override string ToString() =>
        Files is [var file] ? file
        : Array is not null ? $"{Array}"
        : Picture is not null ? $"a picture of {Picture.Height}x{Picture.Width}"
        : Range is not var (low, high) ? "noise"
        : OfPicture ? "gray"
        : string.Create(CultureInfo.InvariantCulture, $"{Noises}{low},{high}");

    /// <summary>The parameters of some pictures, one array each; what was given is brought to the parameterisation's size.</summary>
    /// <param name="parameterization">What they are parameters of.</param>
    /// <param name="model">The network.</param>
    /// <param name="noises">For all pictures of the run, which of the seed's noises each starts from.</param>
    /// <param name="rows">Those that are wanted.</param>
    /// <param name="kind">Of the parameterisation.</param>
    /// <param name="size">Of the picture in the end: what the array has to have.</param>
    /// <param name="seed">Of all noise.</param>
    /// <exception cref="OnnxVizException">The array's shape is not [pictures or 1, C, H, W].</exception>
    internal IReadOnlyList<float[]> Parameters(
        Parameterization parameterization, VisionModel model, IReadOnlyList<ulong> noises, IReadOnlyList<int> rows, ParameterKind kind,
        (int Height, int Width) size, ulong seed)
    {
        var conventions = model.Conventions;
        var isTensor = kind == ParameterKind.Tensor;
        var planes = isTensor ? conventions.Layout.Planes : conventions.Planes;
        long[] dims = isTensor ? conventions.InputDims(1, size.Height, size.Width)[1..] : [planes, size.Height, size.Width];
        if (Array is not null && (Array.Dims.Length != dims.Length + 1 || !Array.Dims.AsSpan(1).SequenceEqual(dims) || (Array.Dims[0] != 1 && Array.Dims[0] != noises.Count)))
        {
            throw OnnxVizException.BadArgument(
                Argument, $"has the shape [{Shapes.Text(Array.Dims)}]; the parameterisation {Words.Of(kind)} needs [{noises.Count} or 1,{Shapes.Text(dims)}].", Fault.Input);
        }

        if (Array is not null && !Array.ToFloats().All(float.IsFinite)) throw OnnxVizException.BadArgument(Argument, "holds NaN or infinite numbers.", Fault.Input);
        var (height, width) = (parameterization.Height, parameterization.Width);
        return [.. rows.Select(row =>
        {
            var random = new CounterRandom(seed, (1UL << 32) + noises[row]);
            if (Array is not null) return parameterization.FromPicture(OfRow(Tensors.Row(Array, Array.Dims[0] == 1 ? 0 : row)));
            if (Picture is not null) return parameterization.FromPicture(OfImage(Picture));
            if (Range is not var (low, high)) return parameterization.Noise(random);
            if (OfPicture && isTensor)
            {
                // A level that 8 bits have.
                var level = (float)Math.Round(255 * low) / 255;
                var (c, d) = (conventions, conventions.Depth * height * width);
                return parameterization.FromPicture([.. Enumerable.Range(0, planes * height * width).Select(i => (c.Low + (level * (c.High - c.Low)) - c.Mean[i / d]) / c.Std[i / d])]);
            }

            return parameterization.FromPicture([.. Enumerable.Range(0, planes * height * width).Select(_ => (float)random.Uniform(low, high))]);
        })];

        float[] OfRow(ReadOnlySpan<float> row) => Planes.Resize(
            isTensor ? InputPlanes.ToPlanes(row, conventions.Layout) : row, size, (height, width));

        float[] OfImage(Image image)
        {
            var resized = Resampler.Resize(image, width, height, ResampleFilter.Bicubic);
            if (!isTensor && conventions.HasRgb) return Pictures.ToPlanes(resized);
            var tensor = conventions.ToTensor(resized).As<float>();
            return isTensor ? InputPlanes.ToPlanes(tensor, conventions.Layout) : Pictures.ToPlanes(tensor, conventions);
        }
    }
}

using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Resample;
using OnnxViz.Maximize;
using OnnxViz.Models;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>Where an optimisation starts: noise, a flat gray, or something given.</summary>
public sealed record Initialization
{
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

    public static Initialization Noise(float low, float high) => new() { Range = (low, high) };

    /// <summary>The parameters of some pictures, one array each; what was given is brought to the parameterisation's size.</summary>
    /// <param name="parameterization">What they are parameters of.</param>
    /// <param name="model">The network.</param>
    /// <param name="noises">For all pictures of the run, which of the seed's noises each starts from.</param>
    /// <param name="rows">Those that are wanted.</param>
    /// <param name="options">How the pictures are found.</param>
    /// <exception cref="OnnxVizException">The array's shape is not [pictures or 1, C, H, W].</exception>
    internal IReadOnlyList<float[]> Parameters(
        Parameterization parameterization, VisionModel model, IReadOnlyList<ulong> noises, IReadOnlyList<int> rows, MaximizationOptions options)
    {
        var conventions = model.Conventions;
        var isTensor = options.Param == ParameterKind.Tensor;
        var channels = isTensor ? conventions.Channels : 3;
        long[] dims = isTensor ? conventions.InputDims(1, options.Height, options.Width)[1..] : [3, options.Height, options.Width];
        if (Array is not null && (Array.Dims.Length != 4 || !Array.Dims.AsSpan(1).SequenceEqual(dims) || (Array.Dims[0] != 1 && Array.Dims[0] != noises.Count)))
        {
            throw OnnxVizException.Input(
                $"--init has the shape [{Shapes.Text(Array.Dims)}]; --param {options.Param.ToString().ToLowerInvariant()} needs [{noises.Count} or 1,{Shapes.Text(dims)}].");
        }

        if (Array is not null && !Array.ToFloats().All(float.IsFinite)) throw OnnxVizException.Input("--init holds NaN or infinite numbers.");
        var (height, width) = (parameterization.Height, parameterization.Width);
        return [.. rows.Select(row =>
        {
            var random = new CounterRandom(options.Seed, (1UL << 32) + noises[row]);
            if (Array is not null) return parameterization.FromPicture(OfRow(Tensors.Row(Array, Array.Dims[0] == 1 ? 0 : row)));
            if (Picture is not null) return parameterization.FromPicture(OfImage(Picture));
            if (Range is not var (low, high)) return parameterization.Noise(random);
            if (OfPicture && isTensor)
            {
                var level = (byte)Math.Round(255 * low);
                var flat = new Image(width, height);
                System.Array.Fill(flat.Pixels, level);
                return parameterization.FromPicture(OfImage(flat));
            }

            return parameterization.FromPicture([.. Enumerable.Range(0, channels * height * width).Select(_ => (float)random.Uniform(low, high))]);
        })];

        float[] OfRow(ReadOnlySpan<float> row) => Planes.Resize(
            isTensor && conventions.ChannelsLast ? Planes.FromChannelsLast(row.ToArray(), channels) : row, (options.Height, options.Width), (height, width));

        float[] OfImage(Image image)
        {
            var resized = Resampler.Resize(image, width, height, ResampleFilter.Bicubic);
            if (!isTensor) return Pictures.ToPlanes(resized);
            var tensor = conventions.ToTensor(resized).ToFloats();
            return conventions.ChannelsLast ? Planes.FromChannelsLast(tensor, channels) : tensor;
        }
    }
}

using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Invert;

/// <summary>What a recipe comes to for one layer of a model and one size of picture: all constants filled in.</summary>
internal sealed record InversionPlan
{
    /// <summary>Where a stride is larger, jitter is not.</summary>
    private const double LargestStride = 32;

    public required Parameterization Parameterization { get; init; }

    /// <summary>In which the initialisation is given.</summary>
    public required ParameterKind Space { get; init; }

    public required UpdateRule Update { get; init; }

    public required IReadOnlyList<RatePhase> Phases { get; init; }

    public required Jitter Canvas { get; init; }

    public Regularization Regularization { get; init; } = new();

    /// <summary>Weight of |F(x) - F0|^2 / |F0|^2, or of the caricature's objective.</summary>
    public double DataWeight { get; init; } = 1;

    /// <summary>The exponent of the cosine when it is a caricature.</summary>
    public double? CosinePower { get; init; }

    /// <summary>What both pictures, the one that is found and the one it is compared with, go through before each step.</summary>
    public Transforms Transforms { get; init; } = Transforms.None;

    public int Steps => Phases.Sum(p => p.Steps);

    /// <param name="o">Resolved.</param>
    /// <param name="model">The network.</param>
    /// <param name="stride">Pixels between neighbouring positions of the layer.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    public static InversionPlan Of(InvertOptions o, VisionModel model, double stride, int height, int width) => o.Recipe switch
    {
        InversionRecipe.Ijcv2016 => Ijcv2016(o, model, Math.Clamp(stride, 1, LargestStride), height, width),
        InversionRecipe.Cvpr2015 => Cvpr2015(o, model, stride, height, width),
        _ => Free(o, model, height, width),
    };

    private static InversionPlan Ijcv2016(InvertOptions o, VisionModel model, double stride, int height, int width)
    {
        const double B = 80;
        const float Alpha = 6;
        var canvas = new Jitter((int)Math.Max(1, Math.Round(stride / 4, MidpointRounding.AwayFromZero)), height, width);
        var rate = o.LearningRate!.Value * 0.05 * B * B / Alpha * height * width;
        // Not the paper's: at the end the data count twice. That halves the error, and the pictures come closer as well.
        var phases = RatePhase.Scaled([new(300, rate, Moves: true), new(50, 0.1 * rate, Data: 2)], o.Steps!.Value);
        // Penalties are means over the pixels of the whole canvas.
        double pixels = canvas.Height * canvas.Width;
        return new()
        {
            Parameterization = new CenteredParameterization(model.Conventions, canvas, o.Bounds!.Value, isGaussian: false),
            Space = ParameterKind.Tensor,
            Update = new PhasedMomentum(phases, normalized: true),
            Phases = phases,
            Canvas = canvas,
            DataWeight = o.DataWeight ?? (stride <= 4 ? 300 : stride <= 8 ? 100 : 20),
            Regularization = new() { AlphaNorm = (float)(Math.Pow(B, -Alpha) / pixels), TotalVariation = (float)(Math.Pow(6.5 / B, 2) / pixels), Alpha = Alpha, OfColors = true },
        };
    }

    /// <summary>The paper's loss times sigma^2, which is what its code descends on: sigma is the size of a picture.</summary>
    private static InversionPlan Cvpr2015(InvertOptions o, VisionModel model, double stride, int height, int width)
    {
        var canvas = new Jitter(1, height, width);
        var rate = o.LearningRate!.Value * 0.004;
        var phases = RatePhase.Scaled([new(100, rate), new(200, 0.1 * rate), new(100, 0.01 * rate)], o.Steps!.Value);
        // 1, 10 and 100 for the first, the middle and the last layers of AlexNet.
        var variation = stride <= 4 ? 1 : stride <= 8 ? 10 : 100;
        return new()
        {
            Parameterization = new CenteredParameterization(model.Conventions, canvas, o.Bounds!.Value, isGaussian: true),
            Space = ParameterKind.Tensor,
            Update = new PhasedMomentum(phases, normalized: false),
            Phases = phases,
            Canvas = canvas,
            DataWeight = o.DataWeight!.Value * Math.Pow(CenteredParameterization.GogglesSize, 2) * model.Conventions.Layout.Planes * height * width,
            Regularization = new() { AlphaNorm = 8e-10f / 2, TotalVariation = variation / 2f },
        };
    }

    private static InversionPlan Free(InvertOptions o, VisionModel model, int height, int width)
    {
        var param = o.Param!.Value;
        Parameterization parameterization = param switch
        {
            ParameterKind.Tensor => new TensorParameterization(model, height, width),
            ParameterKind.Pixel => new PixelParameterization(height, width, model.Conventions.Planes),
            _ => new FourierParameterization(height, width, planes: model.Conventions.HasRgb ? null : model.Conventions.Planes),
        };
        var rate = o.LearningRate ?? (param == ParameterKind.Fourier ? 0.05 : param == ParameterKind.Pixel ? 0.01 : TensorRate(model.Conventions));
        return new()
        {
            Parameterization = parameterization,
            Space = param,
            Update = new Optimizer(o.Optimizer!.Value, rate),
            Phases = [new(o.Steps!.Value, rate)],
            Canvas = new Jitter(1, height, width),
            DataWeight = o.DataWeight!.Value,
            Regularization = o.Regularization,
            Transforms = o.Transforms ?? Transforms.None,
            CosinePower = o.CosinePower,
        };
    }

    /// <summary>A hundredth of the way from black to white, in the units of the model's input.</summary>
    private static double TensorRate(PictureConventions c) => 0.01 * (c.High - c.Low) / c.Std.Average();
}

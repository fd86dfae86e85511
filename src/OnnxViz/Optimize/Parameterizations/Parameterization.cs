namespace OnnxViz.Optimize.Parameterizations;

/// <summary>What the optimiser moves, and how a picture comes of it.</summary>
public enum ParameterKind
{
    /// <summary>The model's input tensor itself, without bounds.</summary>
    Tensor,

    /// <summary>RGB in 0..1.</summary>
    Pixel,

    /// <summary>Lucid's: a spectrum with equalised energy over scales, decorrelated colours, a sigmoid.</summary>
    Fourier,

    /// <summary>A Laplacian pyramid, decorrelated colours, a sigmoid.</summary>
    Laplacian,

    /// <summary>MACO: the phases of a spectrum whose magnitudes are those of natural pictures.</summary>
    Maco,
}

/// <summary>A parameterisation of N pictures of H x W, as nodes of the step graph.</summary>
internal abstract class Parameterization(int height, int width)
{
    public int Height { get; } = height;

    public int Width { get; } = width;

    /// <summary>Dimensions of the parameter for one picture.</summary>
    public abstract long[] Dims { get; }

    /// <summary>The parameter of one picture without an initialisation of its own.</summary>
    public abstract float[] Noise(CounterRandom random);

    /// <summary>The parameter that gives this picture: planes of RGB in 0..1, or of the input tensor.</summary>
    public abstract float[] FromPicture(float[] picture);

    /// <summary>[N, 3, H, W] in 0..1, or the planes of the model's input.</summary>
    public abstract Value Picture(IEmitter e, Value parameter);

    /// <summary>The parameters of pictures, [N, C, h, w] of another size.</summary>
    public Tensor FromPictures(Tensor pictures)
    {
        var from = ((int)pictures.Dims[2], (int)pictures.Dims[3]);
        return Tensors.Join(
            [.. Enumerable.Range(0, (int)pictures.Dims[0]).Select(row => FromPicture(Planes.Resize(Tensors.Row(pictures, row), from, (Height, Width))))], Dims);
    }

    /// <summary>What the model is fed for a picture, which may have been moved about.</summary>
    public virtual Value ModelInput(IEmitter e, Value picture, PictureConventions conventions) => Pictures.ToModelInput(e, picture, conventions);

    /// <summary>The parameter of the picture blurred by a Gaussian; what is nearest counts more at the picture's edge.</summary>
    /// <param name="e">Receives the nodes.</param>
    /// <param name="parameter">Of the picture.</param>
    /// <param name="deviation">Of the Gaussian, in pixels.</param>
    /// <exception cref="OnnxVizException">The parameterisation is no picture that could be blurred.</exception>
    public virtual Value Blurred(IEmitter e, Value parameter, double deviation) =>
        throw OnnxVizException.BadArgument("Blur", "is for the parameterisations tensor, pixel and fourier; the others are smooth by themselves.");

    /// <summary>Brings the parameter back into its bounds after an update.</summary>
    public virtual Value Project(IEmitter e, Value parameter) => parameter;
}

/// <summary>The identity: the model's own input.</summary>
/// <param name="model">Says what the input is like.</param>
/// <param name="height">Of the picture.</param>
/// <param name="width">Of the picture.</param>
/// <param name="isBounded">Every step ends at numbers that pictures can have.</param>
internal sealed class TensorParameterization(VisionModel model, int height, int width, bool isBounded = false) : Parameterization(height, width)
{
    public override long[] Dims => model.Conventions.InputDims(1, Height, Width)[1..];

    public override float[] Noise(CounterRandom random)
    {
        // A gray picture with a little noise, as the model sees it.
        var c = model.Conventions;
        var layout = InputLayout.Of(c.Axes, c.InputDims(1, Height, Width));
        return [.. Enumerable.Range(0, layout.Size).Select(i =>
        {
            var channel = layout.ChannelAt(i);
            return (float)((c.Low + ((0.5 + (0.01 * random.Normal())) * (c.High - c.Low)) - c.Mean[channel]) / c.Std[channel]);
        })];
    }

    public override float[] FromPicture(float[] picture) => InputPlanes.FromPlanes(picture, model.Conventions.Layout);

    public override Value Picture(IEmitter e, Value parameter) => e.ToPlanes(parameter, model.Conventions.Layout);

    public override Value Blurred(IEmitter e, Value parameter, double deviation) => e.FromPlanes(e.Blur(Picture(e, parameter), deviation), model.Conventions.Layout);

    public override Value Project(IEmitter e, Value parameter)
    {
        if (!isBounded) return parameter;
        var c = model.Conventions;
        long[] dims = (c with { Depth = 1 }).InputDims(1, 1, 1);
        return e.Min(e.Max(parameter, Limit(c.Low)), Limit(c.High));

        Value Limit(float level) => e.Builder.Constant(Tensor.Of([.. c.Mean.Zip(c.Std, (mean, std) => (level - mean) / std)], dims));
    }

    /// <summary>But for the order of the axes the picture itself.</summary>
    public override Value ModelInput(IEmitter e, Value picture, PictureConventions conventions) =>
        e.FromPlanes(picture, conventions.Layout);
}

/// <summary>RGB values, clamped to 0..1 after every step.</summary>
/// <param name="height">Of the picture.</param>
/// <param name="width">Of the picture.</param>
/// <param name="planes">3, or as many as an input has that is no picture.</param>
internal sealed class PixelParameterization(int height, int width, int planes = 3) : Parameterization(height, width)
{
    public override long[] Dims => [planes, Height, Width];

    public override float[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, planes * Height * Width).Select(_ => (float)(0.5 + (0.01 * random.Normal())))];

    public override float[] FromPicture(float[] picture) => picture;

    public override Value Picture(IEmitter e, Value parameter) => parameter;

    public override Value Blurred(IEmitter e, Value parameter, double deviation) => e.Blur(parameter, deviation);

    public override Value Project(IEmitter e, Value parameter) => e.Emit("Clip", [parameter, e.Scalar(0), e.Scalar(1)]);
}

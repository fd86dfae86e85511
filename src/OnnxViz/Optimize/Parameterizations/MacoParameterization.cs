namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// MACO (Fel et al., "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization", 2023): the
/// magnitudes of a picture's spectrum are those of natural pictures and stay so, only the phases move. They are
/// standardised, and so is the picture, before Lucid's colours and the sigmoid make RGB of it.
/// </summary>
/// <param name="height">Of the picture.</param>
/// <param name="width">Of the picture.</param>
/// <param name="spectrum">Where the magnitudes come from.</param>
internal sealed class MacoParameterization(int height, int width, MagnitudeSpectrum spectrum) : Parameterization(height, width)
{
    /// <summary>
    /// What phases are standardised to: the deviation of angles that are spread evenly over the circle. Fel et al. have 1,
    /// at which the waves agree in the picture's corner, and the corner shines.
    /// </summary>
    private static readonly double Spread = Math.PI / Math.Sqrt(3);

    private const float Tiny = 1e-5f;

    private readonly RealFourier _fourier = new(height, width);

    /// <summary>[3, H, W/2 + 1]: phases.</summary>
    public override long[] Dims => [3, Height, _fourier.Half];

    /// <summary>Even over the circle.</summary>
    public override float[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, 3 * Height * _fourier.Half).Select(_ => (float)random.Uniform(-Math.PI, Math.PI))];

    public override Value Picture(IEmitter e, Value parameter)
    {
        using var scope = e.Builder.Scope("maco");
        var phases = e.Mul(Standardized(e, parameter), (float)Spread);
        var magnitudes = e.Builder.Constant(Tensor.Of(spectrum.Magnitudes(Height, Width), 3, Height, _fourier.Half));
        var planes = _fourier.Inverse(e, e.Mul(e.Emit("Cos", [phases]), magnitudes), e.Mul(e.Emit("Sin", [phases]), magnitudes));
        return DecorrelatedColors.ToPicture(e, Standardized(e, planes));
    }

    /// <summary>The picture's phases; its magnitudes give way to the fixed ones.</summary>
    public override float[] FromPicture(float[] picture) =>
        [.. DecorrelatedColors.FromPicture(picture).SelectMany(plane => _fourier.Forward(plane).Select(value => (float)value.Phase))];

    /// <summary>Mean 0 and deviation 1 in every row of the batch.</summary>
    private static Value Standardized(IEmitter e, Value x)
    {
        var centred = e.Sub(x, e.ReduceMean(x, [1, 2, 3]));
        return e.Div(centred, e.Add(e.Sqrt(e.ReduceMean(e.Square(centred), [1, 2, 3])), e.Scalar(Tiny)));
    }
}

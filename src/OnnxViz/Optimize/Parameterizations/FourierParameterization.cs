namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// Lucid's image parameterisation (param/spatial.py, param/color.py; Olah et al., "Feature Visualization", 2017): half
/// of a real picture's spectrum for three decorrelated colours, each frequency f scaled by 1 / max(f, 1/max(w, h)) so
/// that a step moves all scales alike.
/// </summary>
/// <param name="height">Of the picture.</param>
/// <param name="width">Of the picture.</param>
/// <param name="decay">Exponent of the frequency.</param>
/// <param name="planes">Null for three colours, or as many as an input has that is no picture: those vary independently as they are.</param>
internal sealed class FourierParameterization(int height, int width, double decay = 1, int? planes = null) : Parameterization(height, width)
{
    private const double Deviation = 0.01;

    /// <summary>Lucid's divisor that brings the picture into the sigmoid's range.</summary>
    private const double SigmoidScale = 4;

    private readonly int _planes = planes ?? 3;

    private readonly RealFourier _fourier = new(height, width);

    /// <summary>[2, 3, H, W/2 + 1]: real and imaginary part.</summary>
    public override long[] Dims => [2, _planes, Height, _fourier.Half];

    public override float[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, 2 * _planes * Height * _fourier.Half).Select(_ => (float)(Deviation * random.Normal()))];

    public override Value Picture(IEmitter e, Value parameter)
    {
        using var scope = e.Builder.Scope("fourier");
        var n = parameter.StaticDims()[0];
        var scaled = e.Mul(parameter, e.Builder.Constant(Tensor.Of(Scale(), Height, _fourier.Half)));
        var re = e.Reshape(e.Slice(scaled, [0], [1], [1]), n, _planes, Height, _fourier.Half);
        var im = e.Reshape(e.Slice(scaled, [1], [2], [1]), n, _planes, Height, _fourier.Half);
        var independent = _fourier.Inverse(e, re, im);
        return planes is null ? DecorrelatedColors.ToPicture(e, independent) : e.Sigmoid(independent);
    }

    /// <summary>A Gaussian of the spectrum, exp(-2 (pi deviation f)^2): of the colours before the sigmoid, around the picture's edges.</summary>
    public override Value Blurred(IEmitter e, Value parameter, double deviation)
    {
        var gains = Array.ConvertAll(_fourier.Frequencies(), f => (float)Math.Exp(-2 * Math.Pow(Math.PI * deviation * f, 2)));
        return e.Mul(parameter, e.Builder.Constant(Tensor.Of(gains, Height, _fourier.Half)));
    }

    /// <summary>The spectrum whose picture this is.</summary>
    public override float[] FromPicture(float[] picture)
    {
        var scale = Scale();
        var result = new float[2 * _planes * scale.Length];
        foreach (var (c, plane) in DecorrelatedColors.FromPicture(picture, planes).Index())
        {
            foreach (var (at, value) in _fourier.Forward(plane).Index())
            {
                var scaled = value / (scale[at] * (double)(Height * Width));
                result[(c * scale.Length) + at] = (float)scaled.Real;
                result[((_planes + c) * scale.Length) + at] = (float)scaled.Imaginary;
            }
        }

        return result;
    }

    /// <summary>
    /// Lucid's scale, sqrt(w h) / max(f, 1/max(w, h))^decay / 4, with the 1 / (w h) of the inverse transform. Whatever
    /// the decay, noise has the same contrast.
    /// </summary>
    private float[] Scale()
    {
        var unit = Amplitudes(1);
        var wanted = Amplitudes(decay);
        var gain = Math.Sqrt(unit.Sum(a => a * a) / wanted.Sum(a => a * a)) / (Math.Sqrt(Height * (double)Width) * SigmoidScale);
        return Array.ConvertAll(wanted, a => (float)(a * gain));
    }

    private double[] Amplitudes(double power) =>
        Array.ConvertAll(_fourier.Frequencies(), f => Math.Pow(Math.Max(f, 1.0 / Math.Max(Width, Height)), -power));
}

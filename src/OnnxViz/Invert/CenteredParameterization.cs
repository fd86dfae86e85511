using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Invert;

/// <summary>
/// Pixels in 0..255 less the mean colour, in the model's colour order, [C, H, W] whatever the model's layout: the space in which
/// Mahendran and Vedaldi give their constants. The mean is the model's; of a model that subtracts none it is the middle gray.
/// </summary>
internal sealed class CenteredParameterization : Parameterization
{
    private const float White = 255;

    /// <summary>Radius of the ball of colours about the mean.</summary>
    private const float ColorBound = 160;

    /// <summary>Root mean square of the three colours of nnpreimage's first picture.</summary>
    private const double NoiseSize = 80;

    /// <summary>Root mean square of deep-goggle's: |x| = 27098.1157 at 227 x 227 x 3.</summary>
    public const double GogglesSize = 68.921;

    private readonly PictureConventions _conventions;
    private readonly Jitter _canvas;
    private readonly InversionBounds _bounds;
    private readonly bool _isGaussian;
    private readonly float[] _mean;

    /// <param name="conventions">What the model expects.</param>
    /// <param name="canvas">The canvas that is moved.</param>
    /// <param name="bounds">Where pixels may go.</param>
    /// <param name="isGaussian">Whether the noise to start from is deep-goggle's, or else nnpreimage's.</param>
    public CenteredParameterization(PictureConventions conventions, Jitter canvas, InversionBounds bounds, bool isGaussian)
        : base(canvas.SeenHeight, canvas.SeenWidth)
    {
        (_conventions, _canvas, _bounds, _isGaussian) = (conventions, canvas, bounds, isGaussian);
        var mean = Array.ConvertAll(conventions.Mean, m => (m - conventions.Low) / (conventions.High - conventions.Low) * White);
        _mean = Array.TrueForAll(mean, m => m is > White / 4 and < White * 3 / 4) ? mean : Array.ConvertAll(mean, _ => White / 2);
    }

    public override long[] Dims => [_conventions.Layout.Planes, _canvas.Height, _canvas.Width];

    public override float[] Noise(CounterRandom random)
    {
        var numbers = new double[Shapes.Count(Dims)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = _isGaussian ? random.Normal() : random.Uniform(-1, 1);
        var size = _isGaussian
            ? GogglesSize / Math.Sqrt(numbers.Average(n => n * n))
            // nnpreimage takes the 95th percentile of the numbers, not of their sizes.
            : NoiseSize / Math.Sqrt(3) / numbers.Order().ElementAt((int)(0.95 * numbers.Length));
        return Array.ConvertAll(numbers, n => (float)(n * size));
    }

    /// <summary>From planes of the model's input.</summary>
    public override float[] FromPicture(float[] picture)
    {
        var size = picture.Length / _conventions.Channels;
        var pairs = Enumerable.Range(0, _conventions.Channels).Select(ToModel).ToArray();
        return _canvas.ToCanvas([.. picture.Select((x, i) => (x - pairs[i / size].Offset) / pairs[i / size].Gain)]);
    }

    public override Value Picture(IEmitter e, Value parameter) => parameter;

    /// <summary>What the model is fed for a part of the canvas.</summary>
    public override Value ModelInput(IEmitter e, Value picture, PictureConventions conventions)
    {
        using var scope = e.Builder.Scope("preprocess");
        var pairs = Enumerable.Range(0, _conventions.Channels).Select(ToModel).ToArray();
        var x = e.Mul(picture, e.PerPlane([.. pairs.Select(p => p.Gain)], _conventions.Layout));
        if (pairs.Any(p => p.Offset != 0)) x = e.Add(x, e.PerPlane([.. pairs.Select(p => p.Offset)], _conventions.Layout));
        return e.FromPlanes(x, _conventions.Layout);
    }

    public override Value Project(IEmitter e, Value parameter)
    {
        switch (_bounds)
        {
            case InversionBounds.Color:
                var norm = e.Sqrt(e.Max(e.ReduceSum(e.Square(parameter), [1]), e.Scalar(1)));
                return e.Mul(parameter, e.Min(e.Div(e.Scalar(ColorBound), norm), e.Scalar(1)));
            case InversionBounds.Range:
                return e.Min(e.Max(parameter, e.PerPlane(Array.ConvertAll(_mean, m => -m), _conventions.Layout)), e.PerPlane(Array.ConvertAll(_mean, m => White - m), _conventions.Layout));
            default:
                return parameter;
        }
    }

    /// <summary>What x has to be multiplied by, and what is then added, to be the model's.</summary>
    private (float Gain, float Offset) ToModel(int channel)
    {
        var c = _conventions;
        var gain = (c.High - c.Low) / White / c.Std[channel];
        var offset = (c.Low + (_mean[channel] / White * (c.High - c.Low)) - c.Mean[channel]) / c.Std[channel];
        // Of the model's own mean nothing but rounding is left.
        return (gain, Math.Abs(offset) < 1e-4f * gain ? 0 : offset);
    }
}

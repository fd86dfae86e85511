namespace OnnxViz.Saliency;

/// <summary>
/// A part of 7/8 of each side (224 of 256 pixels, as networks are trained), enlarged to the whole, perhaps mirrored:
/// a linear map of the picture, with the adjoint that brings a gradient back to where its pixels came from.
/// </summary>
internal sealed class RandomCrop
{
    private const double Share = 0.875;

    private const ulong Stream = 0x63726F70;

    private readonly InputLayout _layout;
    private readonly Tap[] _down;
    private readonly Tap[] _across;

    private RandomCrop(InputLayout layout, double top, double left, bool mirrored)
    {
        _layout = layout;
        _down = Taps(layout.Height, top, mirrored: false);
        _across = Taps(layout.Width, left, mirrored);
    }

    public static RandomCrop Draw(ulong seed, int number, InputLayout layout)
    {
        var random = new CounterRandom(seed, (Stream << 32) + (ulong)number);
        return new RandomCrop(layout, random.Uniform(), random.Uniform(), mirrored: number % 2 == 1);
    }

    /// <param name="picture">A row of the input.</param>
    /// <param name="crop">Likewise.</param>
    public void Apply(ReadOnlySpan<float> picture, Span<float> crop)
    {
        for (var y = 0; y < _layout.Height; y++)
        {
            for (var x = 0; x < _layout.Width; x++)
            {
                var sources = Sources(y, x);
                for (var c = 0; c < _layout.Channels; c++)
                {
                    var sum = 0.0;
                    foreach (var (pixel, weight) in sources) sum += weight * picture[_layout.At(c, pixel)];
                    crop[_layout.At(c, (y * _layout.Width) + x)] = (float)sum;
                }
            }
        }
    }

    /// <param name="gradient">With respect to the crop.</param>
    /// <param name="sum">With respect to the picture: the share of this crop is added.</param>
    public void AddAdjoint(ReadOnlySpan<float> gradient, double[] sum)
    {
        for (var y = 0; y < _layout.Height; y++)
        {
            for (var x = 0; x < _layout.Width; x++)
            {
                var sources = Sources(y, x);
                for (var c = 0; c < _layout.Channels; c++)
                {
                    double g = gradient[_layout.At(c, (y * _layout.Width) + x)];
                    foreach (var (pixel, weight) in sources) sum[_layout.At(c, pixel)] += weight * g;
                }
            }
        }
    }

    private (int Pixel, double Weight)[] Sources(int y, int x)
    {
        var (d, a, w) = (_down[y], _across[x], _layout.Width);
        return
        [
            ((d.Low * w) + a.Low, (1 - d.Rest) * (1 - a.Rest)), ((d.Low * w) + a.High, (1 - d.Rest) * a.Rest),
            ((d.High * w) + a.Low, d.Rest * (1 - a.Rest)), ((d.High * w) + a.High, d.Rest * a.Rest),
        ];
    }

    private static Tap[] Taps(int length, double place, bool mirrored)
    {
        var start = place * (1 - Share) * length;
        return [.. Enumerable.Range(0, length).Select(i =>
        {
            var at = Math.Clamp(start + (((mirrored ? length - 1 - i : i) + 0.5) * Share) - 0.5, 0, length - 1);
            var low = (int)at;
            return new Tap(low, Math.Min(low + 1, length - 1), at - low);
        })];
    }

    private readonly record struct Tap(int Low, int High, double Rest);
}

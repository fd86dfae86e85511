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
    private readonly Tap[] _through;
    private readonly Tap[] _down;
    private readonly Tap[] _across;

    private RandomCrop(InputLayout layout, double top, double left, double front, bool mirrored)
    {
        _layout = layout;
        _through = Taps(layout.Depth, front, mirrored: false);
        _down = Taps(layout.Height, top, mirrored: false);
        _across = Taps(layout.Width, left, mirrored);
    }

    public static RandomCrop Draw(ulong seed, int number, InputLayout layout)
    {
        var random = new CounterRandom(seed, (Stream << 32) + (ulong)number);
        return new RandomCrop(layout, random.Uniform(), random.Uniform(), random.Uniform(), mirrored: number % 2 == 1);
    }

    /// <param name="picture">A row of the input.</param>
    /// <param name="crop">Likewise.</param>
    public void Apply(ReadOnlySpan<float> picture, Span<float> crop)
    {
        for (var p = 0; p < _layout.Pixels; p++)
        {
            var sources = Sources(p);
            for (var c = 0; c < _layout.Channels; c++)
            {
                var sum = 0.0;
                foreach (var (pixel, weight) in sources) sum += weight * picture[_layout.At(c, pixel)];
                crop[_layout.At(c, p)] = (float)sum;
            }
        }
    }

    /// <param name="gradient">With respect to the crop.</param>
    /// <param name="sum">With respect to the picture: the share of this crop is added.</param>
    public void AddAdjoint(ReadOnlySpan<float> gradient, double[] sum)
    {
        for (var p = 0; p < _layout.Pixels; p++)
        {
            var sources = Sources(p);
            for (var c = 0; c < _layout.Channels; c++)
            {
                double g = gradient[_layout.At(c, p)];
                foreach (var (pixel, weight) in sources) sum[_layout.At(c, pixel)] += weight * g;
            }
        }
    }

    private (int Pixel, double Weight)[] Sources(int position)
    {
        var (line, x) = Math.DivRem(position, _layout.Width);
        var (slice, y) = Math.DivRem(line, _layout.Height);
        var (t, d, a, w) = (_through[slice], _down[y], _across[x], _layout.Width);
        (int Pixel, double Weight)[] inSlice =
        [
            ((d.Low * w) + a.Low, (1 - d.Rest) * (1 - a.Rest)), ((d.Low * w) + a.High, (1 - d.Rest) * a.Rest),
            ((d.High * w) + a.Low, d.Rest * (1 - a.Rest)), ((d.High * w) + a.High, d.Rest * a.Rest),
        ];
        if (_layout.Depth == 1) return inSlice;
        var plane = _layout.Height * w;
        return [.. inSlice.Select(s => (s.Pixel + (t.Low * plane), s.Weight * (1 - t.Rest))), .. inSlice.Select(s => (s.Pixel + (t.High * plane), s.Weight * t.Rest))];
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

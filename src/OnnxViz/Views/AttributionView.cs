using OnnxViz.Imaging.Resample;
using OnnxViz.Saliency;

namespace OnnxViz.Views;

/// <summary>An attribution as maps of the picture, [height, width] each.</summary>
internal sealed class AttributionView
{
    /// <summary>Side, in pixels, of the blocks whose mean is shown over a picture: gradients vary from pixel to pixel, and windows have edges.</summary>
    private const int Block = 8;

    private const int WindowBlock = 16;

    private readonly double? _percentile;
    private readonly float[] _numbers;
    private readonly PictureConventions _conventions;
    private readonly bool _isMap;
    private readonly SaliencyLook _look;

    /// <param name="explained">The attribution; a layer's map is stretched over the picture.</param>
    /// <param name="percentile">Values beyond it count as much as it; null for what suits the method.</param>
    public AttributionView(Explained explained, double? percentile)
    {
        (Width, Height) = (explained.Shown.Width, explained.Shown.Height);
        (_conventions, _percentile, _isMap, _look) = (explained.Conventions, percentile, explained.Method.IsLayerMap, explained.Method.Look);
        var dims = explained.Attribution.Dims;
        _numbers = _isMap
            ? MapResampler.Resize(explained.Attribution.As<float>(), (int)dims[3], (int)dims[2], Width, Height)
            : explained.Attribution.ToFloats();
    }

    public int Width { get; }

    public int Height { get; }

    public bool HasColors => !_isMap;

    /// <summary>How much: the largest absolute value over the channels; of heat maps the positive part.</summary>
    public (float[] Map, MapRange Range) Absolute()
    {
        var map = _look == SaliencyLook.Heat ? Array.ConvertAll(Sum(), v => Math.Max(v, 0)) : Magnitude();
        return (map, RangeOf(map));
    }

    /// <summary>For and against: the sum over the channels.</summary>
    public (float[] Map, MapRange Range) Signed()
    {
        var map = Sum();
        return (map, MapRange.Symmetric(map, Percentile));
    }

    /// <summary>The absolute map, of attributions in the shape of the input as the mean over blocks.</summary>
    public (float[] Map, MapRange Range) Smooth()
    {
        var map = Absolute().Map;
        if (!_isMap)
        {
            var block = _look == SaliencyLook.Heat ? WindowBlock : Block;
            var (w, h) = (Math.Max(1, Width / block), Math.Max(1, Height / block));
            map = MapResampler.Resize(MapResampler.Resize(map, Width, Height, w, h), w, h, Width, Height);
        }

        return (map, RangeOf(map));
    }

    /// <summary>Each channel as its colour around a middle gray.</summary>
    public Image Colored() =>
        // Three times as many numbers as in their maximum: the same percentile would cut more.
        Pictures.FromSigned(_numbers, _conventions, Width, Height, MapRange.Symmetric(_numbers, Math.Min(100, Percentile + 0.5)));

    private double Percentile => _percentile ?? (_isMap ? 100 : 99);

    /// <summary>A layer's map may be far from 0 everywhere: its least value gets the lowest colour.</summary>
    private MapRange RangeOf(float[] map) => _isMap ? MapRange.Between(map, 0, Percentile) : MapRange.Positive(map, Percentile);

    private float[] Magnitude() => AttributionMap.Magnitude(_numbers, _conventions, Width * Height);

    private float[] Sum() => _isMap ? _numbers : AttributionMap.Sum(_numbers, _conventions, Width * Height);
}

using OnnxViz.Imaging.Resample;
using OnnxViz.Saliency;

namespace OnnxViz.Views;

/// <summary>An attribution as maps of the picture, [height, width] each.</summary>
internal sealed class AttributionView
{
    /// <summary>Side, in pixels, of the blocks whose mean is shown over a picture: gradients vary from pixel to pixel, and windows have edges.</summary>
    private const int Block = 8;

    private const int WindowBlock = 16, FewBlocks = 16;

    private readonly double? _percentile;
    private readonly float[] _numbers;
    private readonly Explained _explained;
    private readonly InputView _view;
    private readonly bool _isMap;
    private readonly SaliencyLook _look;

    /// <param name="explained">The attribution; a layer's map is stretched over the picture.</param>
    /// <param name="percentile">Values beyond it count as much as it; null for what suits the method.</param>
    public AttributionView(Explained explained, double? percentile)
    {
        _view = InputView.Of(explained.Layout, explained.Conventions.Shown);
        (Width, Height) = (_view.Width, _view.Height);
        (_explained, _percentile, _isMap, _look) = (explained, percentile, explained.Method.IsLayerMap, explained.Method.Look);
        _numbers = _isMap ? AttributionMap.OfLayer(explained.Attribution, explained.Layout) : explained.Attribution.ToFloats();
    }

    public int Width { get; }

    public int Height { get; }

    public bool HasColors => !_isMap && _explained.Conventions.IsShownWhole;

    /// <summary>How much: the largest absolute value over the channels; of heat maps the positive part.</summary>
    public (float[] Map, MapRange Range) Absolute()
    {
        var map = Much();
        return (map, RangeOf(map));
    }

    /// <summary>For and against: the sum over the channels.</summary>
    public (float[] Map, MapRange Range) Signed()
    {
        var map = _view.Lay(Sum);
        return (map, MapRange.Symmetric(map, Percentile));
    }

    /// <summary>The absolute map, of attributions in the shape of the input as the mean over blocks.</summary>
    public (float[] Map, MapRange Range) Smooth()
    {
        var map = Much(_isMap ? null : Blocks);
        return (map, RangeOf(map));
    }

    /// <summary>A picture of this view with paper between its panels.</summary>
    public Image Framed(Image drawn) => _view.Framed(drawn);

    /// <summary>Each channel as its colour around a middle gray.</summary>
    public Image Colored() =>
        // Three times as many numbers as in their maximum: the same percentile would cut more.
        Pictures.FromSigned(_numbers, _explained.Conventions, Width, Height, MapRange.Symmetric(_numbers, Math.Min(100, Percentile + 0.5)));

    private double Percentile => _percentile ?? (_isMap ? 100 : 99);

    /// <summary>A layer's map may be far from 0 everywhere: its least value gets the lowest colour.</summary>
    private MapRange RangeOf(float[] map) => _isMap ? MapRange.Between(map, 0, Percentile) : MapRange.Positive(map, Percentile);

    private float[] Much(Func<float[], int, int, float[]>? within = null) => _look == SaliencyLook.Heat
        ? _view.Lay(channels => Array.ConvertAll(Sum(channels), v => Math.Max(v, 0)), within)
        : _view.Lay(channels => _isMap ? _numbers : AttributionMap.Magnitude(_numbers, _explained.Layout, channels), within);

    private float[] Sum(IReadOnlyList<int>? channels) => _isMap ? _numbers : AttributionMap.Sum(_numbers, _explained.Layout, channels);

    /// <summary>The mean over blocks, stretched again; slices and signals have smaller ones where they are small.</summary>
    private float[] Blocks(float[] map, int width, int height)
    {
        var block = _look == SaliencyLook.Heat ? WindowBlock : Block;
        if (!_explained.Layout.Axes.IsPicture()) block = Math.Clamp(Math.Max(width, height) / FewBlocks, 1, block);
        var (w, h) = (Math.Max(1, width / block), Math.Max(1, height / block));
        return MapResampler.Resize(MapResampler.Resize(map, width, height, w, h), w, h, width, height);
    }
}

using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Visualize;

namespace OnnxViz.Cli.Results;

/// <summary>Draws the weight of a convolution, [K, C, kh, kw].</summary>
internal sealed class KernelSheet(Tensor weight, PictureConventions conventions)
{
    private const int TileSide = 56;

    private readonly float[] _elements = weight.ToFloats();
    private readonly int _channels = (int)weight.Dims[1];
    private readonly int _height = (int)weight.Dims[2];
    private readonly int _width = (int)weight.Dims[3];

    public Image Draw(IReadOnlyList<int> units, int? columns, string title)
    {
        if (_height * _width == 1 && _channels > 1) return Matrix(units);
        var isColor = _channels == 3 && conventions.Channels == 3;
        return Grid.Compose(
            [.. units.Select(u => new GridTile(Enlarged(isColor ? Color(u) : Signed(u)), $"{u}"))],
            new GridOptions { Columns = columns, Padding = 4, Title = title });
    }

    /// <summary>Each channel of a first layer as the colour that it takes in, from the smallest weight to the largest.</summary>
    private Image Color(int unit)
    {
        var size = _height * _width;
        var kernel = _elements.AsSpan(unit * 3 * size, 3 * size);
        var range = MapRange.MinMax(kernel);
        var image = new Image(_width, _height);
        if (range.Low == range.High)
        {
            // A unit that training has switched off takes in nothing: gray, where black would be a colour.
            Array.Fill(image.Pixels, (byte)128);
            return image;
        }

        for (var c = 0; c < 3; c++)
            for (var i = 0; i < size; i++)
                image.Pixels[(3 * i) + conventions.RgbOrder[c]] = (byte)((range.Normalize(kernel[(c * size) + i]) * 255) + 0.5f);
        return image;
    }

    /// <summary>The mean over the input channels: red weighs for, blue against.</summary>
    private Image Signed(int unit)
    {
        var size = _height * _width;
        var mean = new float[size];
        for (var c = 0; c < _channels; c++)
            for (var i = 0; i < size; i++) mean[i] += _elements[(((unit * _channels) + c) * size) + i] / _channels;
        return ColorMap.RdBu.Reversed().Apply(mean, _width, _height, MapRange.Symmetric(mean, 100));
    }

    /// <summary>Kernels of one position are the rows of one matrix, inputs across.</summary>
    private Image Matrix(IReadOnlyList<int> units)
    {
        var map = new float[units.Count * _channels];
        for (var i = 0; i < units.Count; i++) _elements.AsSpan(units[i] * _channels, _channels).CopyTo(map.AsSpan(i * _channels));
        var image = ColorMap.RdBu.Reversed().Apply(map, _channels, units.Count, MapRange.Symmetric(map));
        return ImageOps.Enlarge(image, Math.Max(1, 8 * TileSide / Math.Max(_channels, units.Count)));
    }

    private static Image Enlarged(Image tile) => ImageOps.Enlarge(tile, Math.Max(1, TileSide / Math.Max(tile.Width, tile.Height)));
}

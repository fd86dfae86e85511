using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>Draws the weight of a convolution, [K, C, kh, kw].</summary>
/// <param name="weight">float32.</param>
/// <param name="groups">Of the convolution: a unit sees the input channels of its own group only.</param>
/// <param name="conventions">What the colours of a first layer are.</param>
/// <param name="options">How it is laid out.</param>
internal sealed class KernelSheet(Tensor weight, int groups, PictureConventions conventions, KernelOptions options)
{
    private const int TileSide = 56;

    private readonly float[] _elements = weight.ToFloats();
    private readonly int _units = (int)weight.Dims[0];
    private readonly int _channels = (int)weight.Dims[1];
    private readonly int _height = (int)weight.Dims[2];
    private readonly int _width = (int)weight.Dims[3];

    /// <summary>Whether each unit is drawn as the colours that it takes in.</summary>
    public bool IsColor => _channels == 3 && groups == 1 && conventions.Channels == 3;

    /// <summary>Whether the units are drawn as one matrix, their inputs across: of kernels of one position.</summary>
    public bool IsMatrix => Size == 1 && _channels > 1;

    /// <summary>How many input channels a unit sees.</summary>
    public int Channels => _channels;

    private int Size => _height * _width;

    public Image Draw(IReadOnlyList<int> units, string title)
    {
        if (IsMatrix) return Matrix(units);
        // Tight and without words, as in the AlexNet paper's figure 3.
        var grid = IsColor && !options.Labels
            ? new GridOptions { Columns = options.Columns, Padding = 2, Background = GridBackground.Black }
            : new GridOptions { Columns = options.Columns, Padding = 4, Title = title };
        return Grid.Compose([.. units.Select(u => new GridTile(Enlarged(IsColor ? Color(u) : Mean(u)), grid.Title is null ? null : $"{u}"))], grid);
    }

    /// <summary>A row for each unit, in it a tile for each of some input channels; red weighs for, blue against, on one scale for a unit.</summary>
    /// <param name="units">In their order.</param>
    /// <param name="channels">Of each unit.</param>
    /// <param name="title">Above all.</param>
    /// <param name="perRow">Units in a row, where nobody says how many tiles.</param>
    public Image DrawSlices(IReadOnlyList<int> units, Func<int, IReadOnlyList<int>> channels, string title, int perRow = 1)
    {
        var tiles = new List<GridTile>();
        foreach (var unit in units)
        {
            var range = MapRange.Symmetric(_elements.AsSpan(unit * _channels * Size, _channels * Size), 100);
            foreach (var channel in channels(unit))
                tiles.Add(new GridTile(Enlarged(ColorMap.RdBu.Reversed().Apply(Slice(unit, channel), _width, _height, range)), $"{unit}:{channel}"));
        }

        return Grid.Compose(tiles, new GridOptions { Columns = options.Columns ?? channels(units[0]).Count * perRow, Padding = 4, Title = title });
    }

    /// <summary>The input channels that a unit weighs most, by the L2 norm of its weights, and the norms.</summary>
    public IReadOnlyList<(int Channel, double Norm)> Strongest(int unit, int count) =>
        [.. Enumerable.Range(First(unit), _channels)
            .Select(c => (c, Math.Sqrt(Slice(unit, c).ToArray().Sum(w => (double)w * w))))
            .OrderByDescending(c => c.Item2)
            .Take(count)];

    /// <exception cref="OnnxVizException">The unit does not see the channel.</exception>
    public void CheckChannel(int unit, int channel, string layer)
    {
        if (channel >= First(unit) && channel < First(unit) + _channels) return;
        throw OnnxVizException.Input(
            $"Unit {unit} of '{layer}' has no weights for input channel {channel}: it sees {First(unit)} to {First(unit) + _channels - 1}{(groups > 1 ? $", one of {groups} groups" : "")}.");
    }

    /// <summary>The first input channel of a unit's group.</summary>
    private int First(int unit) => unit / (_units / groups) * _channels;

    private ReadOnlySpan<float> Slice(int unit, int channel) => _elements.AsSpan(((unit * _channels) + channel - First(unit)) * Size, Size);

    /// <summary>Each channel of a first layer as the colour that it takes in, from the smallest weight to the largest.</summary>
    private Image Color(int unit)
    {
        var kernel = _elements.AsSpan(unit * 3 * Size, 3 * Size);
        var range = MapRange.MinMax(kernel);
        var image = new Image(_width, _height);
        if (range.Low == range.High)
        {
            // A unit that training has switched off takes in nothing: gray, where black would be a colour.
            Array.Fill(image.Pixels, (byte)128);
            return image;
        }

        for (var c = 0; c < 3; c++)
            for (var i = 0; i < Size; i++)
                image.Pixels[(3 * i) + conventions.RgbOrder[c]] = (byte)((range.Normalize(kernel[(c * Size) + i]) * 255) + 0.5f);
        return image;
    }

    /// <summary>The mean over the input channels: red weighs for, blue against.</summary>
    private Image Mean(int unit)
    {
        var mean = new float[Size];
        for (var c = 0; c < _channels; c++)
            for (var i = 0; i < Size; i++) mean[i] += _elements[(((unit * _channels) + c) * Size) + i] / _channels;
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

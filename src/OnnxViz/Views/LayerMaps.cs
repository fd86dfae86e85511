using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>What one layer makes of one picture.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Layer">As it was asked for.</param>
/// <param name="Activation">[1, C, H, W], [1, C, D, H, W], whose slices are laid side by side, [1, C, T], whose maps are strips, or [1, C].</param>
internal sealed record LayerMaps(string Picture, string Layer, Tensor Activation)
{
    /// <summary>Tiles are brought near this side, in pixels.</summary>
    private const int TileSide = 112;

    /// <summary>Of a signal's map, in pixels.</summary>
    private const int StripHeight = 16;

    private readonly float[] _elements = Activation.ToFloats();

    /// <summary>Which maps are shown, in this order.</summary>
    public IReadOnlyList<int> Units { get; init; } = [];

    public MapStyle Style { get; init; } = new(ColorMap.Viridis);

    public int Count => (int)Activation.Dims[1];

    /// <summary>Whether the montage itself says what it shows.</summary>
    public bool HasTitle => Size != (1, 1, 1);

    /// <summary>Of those that are shown the one with the highest mean.</summary>
    public int Strongest => Units.MaxBy(Mean);

    private (int Depth, int Height, int Width) Size => Activation.Dims.Length switch
    {
        2 => (1, 1, 1),
        3 => (1, 1, (int)Activation.Dims[2]),
        4 => (1, (int)Activation.Dims[2], (int)Activation.Dims[3]),
        _ => ((int)(Activation.Count / Activation.Dims[1] / Activation.Dims[^1] / Activation.Dims[^2]), (int)Activation.Dims[^2], (int)Activation.Dims[^1]),
    };

    public float Mean(int unit) => Map(unit).ToArray().Average();

    /// <summary>The mean of the absolute values.</summary>
    public float Strength(int unit) => Map(unit).ToArray().Average(Math.Abs);

    /// <summary>The values of the maps that are shown.</summary>
    public IEnumerable<float> Shown() => Units.SelectMany(u => Map(u).ToArray());

    public Image Draw(int? columns)
    {
        if (!HasTitle) return DrawVector();
        return Grid.Compose(
            [.. Units.Select(u => new GridTile(Tile(u), $"{u}"))], new GridOptions { Columns = columns, Padding = 4, Title = Title() });
    }

    /// <summary>The largest value of a map.</summary>
    public float Max(int unit) => Map(unit).ToArray().Max();

    private string Title() => Style.Common is var (low, high) ? $"{Layer} of {Picture}, {Digits.Text(low, 2)} to {Digits.Text(high, 2)}" : $"{Layer} of {Picture}";

    /// <summary>Units without positions are squares of one picture, row by row.</summary>
    private Image DrawVector()
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(Units.Count));
        var rows = (Units.Count + columns - 1) / columns;
        var square = new float[rows * columns];
        for (var i = 0; i < Units.Count; i++) square[i] = _elements[Units[i]];
        var image = Style.Draw(square, columns, rows);
        return ImageOps.Enlarge(image, Math.Max(1, 2 * TileSide / columns));
    }

    private Image Tile(int unit)
    {
        var (d, h, w) = Size;
        var map = Map(unit).ToArray();
        if (d > 1)
        {
            var slices = InputView.Of(new InputLayout(InputAxes.Ncdhw, 1, d, h, w), new ShownParts { Slice = PartChoice.Each });
            var positions = map;
            (map, h, w) = (slices.Lay(_ => positions), slices.Height, slices.Width);
        }
        else if (h == 1 && w > StripHeight)
        {
            var length = Math.Min(w, 2 * TileSide);
            return Style.Draw([.. Enumerable.Repeat(MapResampler.Resize(map, w, 1, length, 1), StripHeight).SelectMany(row => row)], length, StripHeight);
        }

        if (Math.Max(h, w) > TileSide)
        {
            var share = (double)TileSide / Math.Max(h, w);
            var (th, tw) = (Math.Max(1, (int)Math.Round(h * share)), Math.Max(1, (int)Math.Round(w * share)));
            (map, h, w) = (MapResampler.Resize(map, w, h, tw, th), th, tw);
        }

        var image = Style.Draw(map, w, h);
        return ImageOps.Enlarge(image, Math.Max(1, TileSide / Math.Max(h, w)));
    }

    private ReadOnlySpan<float> Map(int unit)
    {
        var size = _elements.Length / Count;
        return _elements.AsSpan(unit * size, size);
    }
}

namespace OnnxViz.Imaging;

/// <summary>Where everything of a <see cref="Grid"/> goes, in pixels.</summary>
internal sealed class GridLayout
{
    // In units of the letters' scale: above a label, and around it on a tile.
    private const int LabelSpace = 4;

    public GridLayout(IReadOnlyList<GridTile> tiles, GridOptions options)
    {
        TileWidth = tiles.Max(tile => tile.Image.Width);
        TileHeight = tiles.Max(tile => tile.Image.Height);
        bool labelsBelow = options.Labels == LabelPlacement.Below && tiles.Any(tile => !string.IsNullOrEmpty(tile.Label));
        Columns = Math.Min(options.Columns ?? NearlySquare(tiles.Count), tiles.Count);
        Rows = (tiles.Count + Columns - 1) / Columns;
        LabelScale = ScaleFor(tiles, options.Labels);
        Padding = options.Padding ?? Math.Max(labelsBelow ? 6 : 2, TileWidth / 16);
        LabelHeight = labelsBelow ? (LabelSpace + Font.Height) * LabelScale : 0;

        // Empty space around a picture of its own weight.
        Margin = Math.Max(Padding, options.Padding is null ? 8 : 0);
        Width = Total(Margin, Columns, TileWidth, Padding);
        TitleScale = TitleScaleFor(options.Title);
        TitleHeight = string.IsNullOrEmpty(options.Title) ? 0 : (Font.Height * TitleScale) + Math.Max(Padding, 4 * TitleScale);
        long height = TitleHeight + (long)Total(Margin, Rows, TileHeight + LabelHeight, Padding);
        if (Width * height > ImageLimits.MaxPixels)
        {
            throw OnnxVizException.Usage(
                $"A sheet of {tiles.Count} tiles would have {Width}x{height} pixels, more than "
                + $"{ImageLimits.MaxPixels / 1_000_000} million: ask for fewer or smaller ones.");
        }

        Height = (int)height;
    }

    public int TileWidth { get; }

    public int TileHeight { get; }

    public int Columns { get; }

    public int Rows { get; }

    public int Padding { get; }

    public int Margin { get; }

    public int Width { get; }

    public int Height { get; }

    public int LabelScale { get; }

    public int LabelHeight { get; }

    public int TitleScale { get; }

    public int TitleHeight { get; }

    /// <summary>Empty space inside a label's box on a tile, and from the box to the tile's edge.</summary>
    public int BoxSpace => LabelSpace * LabelScale;

    /// <summary>Upper left corner of tile <paramref name="index"/>'s place.</summary>
    public (int X, int Y) Cell(int index) => (
        Margin + (index % Columns * (TileWidth + Padding)),
        Margin + TitleHeight + (index / Columns * (TileHeight + LabelHeight + Padding)));

    /// <summary>Pixels that a label may be wide.</summary>
    public int LabelRoom(LabelPlacement placement) => TileWidth - (placement == LabelPlacement.OnTile ? 4 * BoxSpace : 0);

    /// <summary>The root of the number, or a little more where that fills every row.</summary>
    private static int NearlySquare(int count)
    {
        int root = (int)Math.Ceiling(Math.Sqrt(count));
        return Enumerable.Range(root, (root / 2) + 1).FirstOrDefault(columns => count % columns == 0, root);
    }

    private static int Total(int margin, int count, int size, int padding) =>
        (int)Math.Min(int.MaxValue, (2L * margin) + ((long)count * size) + ((count - 1L) * padding));

    /// <summary>Larger letters on larger tiles, as long as every label fits.</summary>
    private int ScaleFor(IReadOnlyList<GridTile> tiles, LabelPlacement placement)
    {
        int widest = tiles.Max(tile => Font.Measure(tile.Label ?? "")) + (placement == LabelPlacement.OnTile ? 4 * LabelSpace : 0);
        int wanted = 1 + ((TileWidth + 32) / 224);
        return Math.Clamp(TileWidth / Math.Max(1, widest), 1, wanted);
    }

    private int TitleScaleFor(string? title) =>
        Math.Clamp((Width - (2 * Margin)) / Math.Max(1, Font.Measure(title ?? "")), 1, LabelScale + 1);
}

namespace OnnxViz.Imaging.Sheets;

/// <summary>Where everything of a <see cref="Grid"/> goes, in pixels.</summary>
internal sealed class GridLayout
{
    private const int MostLines = 3;

    // Of a text's size: empty space between a tile and the label below it, and around a label on a tile.
    private const double Gap = 0.35;
    private const double BoxGap = 0.45;

    public GridLayout(IReadOnlyList<GridTile> tiles, GridOptions options)
    {
        TileWidth = tiles.Max(tile => tile.Image.Width);
        TileHeight = tiles.Max(tile => tile.Image.Height);
        bool labelsBelow = options.Labels == LabelPlacement.Below && tiles.Any(tile => !string.IsNullOrEmpty(tile.Label));
        Columns = Math.Min(options.Columns ?? NearlySquare(tiles.Count), tiles.Count);
        Rows = (tiles.Count + Columns - 1) / Columns;
        Padding = options.Padding ?? Math.Max(labelsBelow ? 6 : 2, TileWidth / 16);

        double wanted = Math.Clamp(8 + (TileWidth / 32.0), 10, 24);
        double room = TileWidth - (options.Labels == LabelPlacement.OnTile ? 4 * Math.Round(BoxGap * wanted) : 0);
        LabelSize = SizeFor([.. tiles.Select(tile => tile.Label ?? "")], room, wanted);
        Labels = [.. tiles.Select(tile => Lettering.Wrap(tile.Label ?? "", room, LabelSize, MostLines))];
        LabelHeight = labelsBelow ? (int)Math.Ceiling(LabelSize * (Gap + (Lettering.LineHeight * Labels.Max(lines => lines.Count)))) : 0;

        // Empty space around a picture of its own weight.
        Margin = Math.Max(Padding, options.Padding is null ? 8 : 0);
        Width = Total(Margin, Columns, TileWidth, Padding);
        string title = options.Title ?? "";
        TitleSize = SizeFor([title], Width - (2 * Margin), Math.Max(LabelSize, Math.Clamp(10 + (Width / 50.0), 12, 28)));
        Title = Lettering.Wrap(title, Width - (2 * Margin), TitleSize, MostLines);
        TitleHeight = Title.Count == 0
            ? 0
            : (int)Math.Ceiling(TitleSize * Lettering.LineHeight * Title.Count) + Math.Max(Padding, (int)Math.Round(Gap * TitleSize));
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

    public double LabelSize { get; }

    /// <summary>The lines of each tile's label.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Labels { get; }

    public int LabelHeight { get; }

    /// <summary>From a tile's lower edge to the top of its label's first line.</summary>
    public int LabelGap => (int)Math.Round(Gap * LabelSize);

    public double TitleSize { get; }

    public IReadOnlyList<string> Title { get; }

    public int TitleHeight { get; }

    /// <summary>Empty space inside a label's box on a tile, and from the box to the tile's edge.</summary>
    public int BoxSpace => (int)Math.Round(BoxGap * LabelSize);

    /// <summary>Upper left corner of tile <paramref name="index"/>'s place.</summary>
    public (int X, int Y) Cell(int index) => (
        Margin + (index % Columns * (TileWidth + Padding)),
        Margin + TitleHeight + (index / Columns * (TileHeight + LabelHeight + Padding)));

    /// <summary>The root of the number, or a little more where that fills every row.</summary>
    private static int NearlySquare(int count)
    {
        int root = (int)Math.Ceiling(Math.Sqrt(count));
        return Enumerable.Range(root, (root / 2) + 1).FirstOrDefault(columns => count % columns == 0, root);
    }

    private static int Total(int margin, int count, int size, int padding) =>
        (int)Math.Min(int.MaxValue, (2L * margin) + ((long)count * size) + ((count - 1L) * padding));

    /// <summary>The wanted size, or one not below three quarters of it at which every text fits on a line.</summary>
    private static double SizeFor(IReadOnlyList<string> texts, double room, double wanted)
    {
        double widest = texts.Max(text => Lettering.Measure(text, 1)), fitting = widest > 0 ? Math.Floor(4 * room / widest) / 4 : wanted;
        return fitting >= Math.Max(10, 0.75 * wanted) ? Math.Min(fitting, wanted) : wanted;
    }
}

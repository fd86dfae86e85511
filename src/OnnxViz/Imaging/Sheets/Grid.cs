using OnnxViz.Imaging.Resample;

namespace OnnxViz.Imaging.Sheets;

/// <summary>A sheet of tiles with labels and a title.</summary>
public static class Grid
{
    /// <summary>Narrower tiles have no room for a label.</summary>
    private const int LeastWidth = 96;

    /// <param name="tiles">
    /// At least one, filled row by row; smaller ones stand in the middle of their place. Where there are labels and all tiles are narrow,
    /// every pixel becomes a square of several.
    /// </param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">No tiles, fewer than one column, negative padding.</exception>
    /// <exception cref="OnnxVizException">The sheet would be too large.</exception>
    public static Image Compose(IReadOnlyList<GridTile> tiles, GridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfZero(tiles.Count);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Padding ?? 0);

        if (tiles.Any(tile => !string.IsNullOrEmpty(tile.Label))) tiles = Readable(tiles);
        GridLayout layout = new(tiles, options);
        bool white = options.Background == GridBackground.White;
        Image sheet = new(layout.Width, layout.Height);
        sheet.Pixels.AsSpan().Fill(white ? (byte)255 : (byte)0);
        DrawCentred(sheet, layout.Title, sheet.Width / 2.0, layout.Margin, layout.TitleSize, white ? new Color(17, 17, 17) : Color.White);
        for (int i = 0; i < tiles.Count; i++)
        {
            Image image = tiles[i].Image;
            (int x, int y) = layout.Cell(i);
            int left = x + ((layout.TileWidth - image.Width) / 2), top = y + ((layout.TileHeight - image.Height) / 2);
            ImageOps.Paste(sheet, image, left, top);
            if (layout.Labels[i].Count == 0)
            {
                continue;
            }

            if (options.Labels == LabelPlacement.Below)
            {
                int below = y + layout.TileHeight + layout.LabelGap;
                DrawCentred(sheet, layout.Labels[i], x + (layout.TileWidth / 2.0), below, layout.LabelSize, white ? new Color(51, 51, 51) : new Color(208, 208, 208));
            }
            else
            {
                DrawOnTile(sheet, layout, layout.Labels[i], left, top);
            }
        }

        return sheet;
    }

    private static IReadOnlyList<GridTile> Readable(IReadOnlyList<GridTile> tiles)
    {
        int widest = tiles.Max(tile => tile.Image.Width), factor = (LeastWidth + widest - 1) / widest;
        return factor == 1 ? tiles : [.. tiles.Select(tile => tile with { Image = ImageOps.Enlarge(tile.Image, factor) })];
    }

    private static void DrawCentred(Image sheet, IReadOnlyList<string> lines, double middle, int top, double size, Color color)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            double baseline = Math.Round(top + (size * (Lettering.Ascent + (i * Lettering.LineHeight))));
            Lettering.Draw(sheet, middle - (Lettering.Measure(lines[i], size) / 2), baseline, lines[i], size, color);
        }
    }

    private static void DrawOnTile(Image sheet, GridLayout layout, IReadOnlyList<string> lines, int left, int top)
    {
        int space = layout.BoxSpace;
        double size = layout.LabelSize;
        // Letters reach below the baseline seldom: the box is even around what stands on it.
        double capital = Math.Round(Lettering.CapHeight * size), line = Math.Round(Lettering.LineHeight * size);
        int width = (int)Math.Ceiling(lines.Max(text => Lettering.Measure(text, size))) + (2 * space);
        RoundedBox.Draw(sheet, left + space, top + space, width, (int)(capital + ((lines.Count - 1) * line)) + (2 * space), space, Color.Black);
        for (int i = 0; i < lines.Count; i++)
        {
            Lettering.Draw(sheet, left + (2 * space), top + (2 * space) + capital + (i * line), lines[i], size, Color.White);
        }
    }
}

namespace OnnxViz.Imaging;

/// <summary>A sheet of tiles with labels and a title.</summary>
public static class Grid
{
    /// <param name="tiles">At least one, filled row by row; smaller ones stand in the middle of their place.</param>
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

        GridLayout layout = new(tiles, options);
        bool white = options.Background == GridBackground.White;
        Image sheet = new(layout.Width, layout.Height);
        sheet.Pixels.AsSpan().Fill(white ? (byte)255 : (byte)0);
        DrawTitle(sheet, layout, options.Title, white ? new Color(17, 17, 17) : Color.White);
        for (int i = 0; i < tiles.Count; i++)
        {
            Image image = tiles[i].Image;
            (int x, int y) = layout.Cell(i);
            int left = x + ((layout.TileWidth - image.Width) / 2), top = y + ((layout.TileHeight - image.Height) / 2);
            ImageOps.Paste(sheet, image, left, top);
            if (tiles[i].Label is not { Length: > 0 } label)
            {
                continue;
            }

            string text = Font.Fit(label, layout.LabelRoom(options.Labels) / layout.LabelScale);
            if (options.Labels == LabelPlacement.Below)
            {
                DrawBelow(sheet, layout, text, x, y, white ? new Color(68, 68, 68) : new Color(208, 208, 208));
            }
            else if (text.Length > 0)
            {
                DrawOnTile(sheet, layout, text, left, top);
            }
        }

        return sheet;
    }

    private static void DrawTitle(Image sheet, GridLayout layout, string? title, Color color)
    {
        string text = Font.Fit(title ?? "", (layout.Width - (2 * layout.Margin)) / layout.TitleScale);
        int x = (layout.Width - (Font.Measure(text) * layout.TitleScale)) / 2;
        Font.Draw(sheet, x, layout.Margin, text, layout.TitleScale, color);
    }

    private static void DrawBelow(Image sheet, GridLayout layout, string text, int x, int y, Color color)
    {
        int left = x + ((layout.TileWidth - (Font.Measure(text) * layout.LabelScale)) / 2);
        int top = y + layout.TileHeight + layout.LabelHeight - (Font.Height * layout.LabelScale);
        Font.Draw(sheet, left, top, text, layout.LabelScale, color);
    }

    private static void DrawOnTile(Image sheet, GridLayout layout, string text, int left, int top)
    {
        int space = layout.BoxSpace, width = (Font.Measure(text) * layout.LabelScale) + (2 * space);
        // Letters reach below the baseline seldom: the box is even around what stands on it.
        int letters = FontSheet.Baseline * layout.LabelScale;
        RoundedBox.Draw(sheet, left + space, top + space, width, letters + (2 * space), space, Color.Black);
        Font.Draw(sheet, left + (2 * space), top + (2 * space), text, layout.LabelScale, Color.White);
    }
}

using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>What is shown of one unit: what it looks for, the pictures that have most of it, and what it saw in them.</summary>
internal static class TopSheet
{
    /// <summary>In pixels: of the square with what a unit saw of a picture, and the longer side of a volume or a signal, which is shown whole.</summary>
    private const int PatchSide = 84, WholeSide = 240;

    private const int Gap = 2;

    /// <param name="title">Which unit it is.</param>
    /// <param name="found">Its strongest pictures, the strongest first; projections where there are any.</param>
    /// <param name="maximized">The picture that the unit responds to most strongly; null to leave it out.</param>
    /// <param name="conventions">Of the model.</param>
    public static Image Draw(string title, IReadOnlyList<Projection> found, Image? maximized, PictureConventions conventions)
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(found.Count));
        var patches = Block(found.Select(p => conventions.Axes.IsPicture() ? p.Patch(PatchSide) : FieldPanel.Whole(p.Shown, WholeSide)), columns);
        var blocks = new List<Image> { patches };
        if (maximized is not null) blocks.Insert(0, Block([FieldPanel.Whole(maximized, patches.Height - (2 * Gap))], 1));
        if (found[0].Pixels is not null) blocks.Add(Block(found.Select(p => p.Projected(conventions, PatchSide)), columns));
        return Grid.Compose(
            [new(Beside(blocks))], new GridOptions { Padding = 6, Title = $"{title} ({Range(found)})" });
    }

    private static string Range(IReadOnlyList<Projection> found) =>
        found[0].Activation == found[^1].Activation ? found[0].Strength : $"{found[0].Strength} to {found[^1].Strength}";

    private static Image Block(IEnumerable<Image> tiles, int columns) =>
        Grid.Compose([.. tiles.Select(t => new GridTile(t))], new GridOptions { Columns = columns, Padding = Gap });

    private static Image Beside(List<Image> blocks)
    {
        const int between = 8;
        var sheet = new Image(blocks.Sum(b => b.Width) + (between * (blocks.Count - 1)), blocks.Max(b => b.Height));
        sheet.Pixels.AsSpan().Fill(255);
        var x = 0;
        foreach (var block in blocks)
        {
            ImageOps.Paste(sheet, block, x, (sheet.Height - block.Height) / 2);
            x += block.Width + between;
        }

        return sheet;
    }
}

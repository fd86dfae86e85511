using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>What a deconvnet shows of one layer for one picture.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Layer">As it was asked for.</param>
/// <param name="IsWhole">Whole maps were projected, not their strongest activations.</param>
/// <param name="Projections">At least one.</param>
internal sealed record LayerProjections(string Picture, string Layer, bool IsWhole, IReadOnlyList<Projection> Projections)
{
    private const int LargeSide = 144;

    private const int SmallSide = 112;

    /// <summary>A sheet of this layer alone: the map where it is wanted, patch, projection and the whole projection side by side.</summary>
    public Image Draw(PictureConventions conventions, int? columns)
    {
        var tiles = Projections.Select(p => new GridTile(Joined(Large(p, conventions)), p.Label));
        return Grid.Compose([.. tiles], new GridOptions { Columns = columns ?? NearlySquare(Projections.Count), Padding = 8, Title = $"{Layer} of {Picture}" });
    }

    /// <summary>A row of a sheet of several layers: projections above the patches.</summary>
    public Image DrawRow(PictureConventions conventions, int columns)
    {
        var tiles = Projections.Select(p => new GridTile(Joined(Small(p, conventions), columns: 1), p.Label));
        return Grid.Compose([.. tiles], new GridOptions { Columns = columns, Padding = 4, Title = $"{Layer} of {Picture}" });
    }

    /// <summary>Tiles are about three times as wide as high.</summary>
    private static int NearlySquare(int count) => Math.Max(Math.Min(3, count), (int)Math.Ceiling(Math.Sqrt(count / 3.0)));

    private List<Image> Large(Projection p, PictureConventions c) => WithMap(p, LargeSide, IsWhole
        ? [FieldPanel.Whole(p.Shown, LargeSide), FieldPanel.Whole(p.Draw(c), LargeSide)]
        : [p.Patch(LargeSide), p.Projected(c, LargeSide), FieldPanel.Whole(p.Draw(c), LargeSide)]);

    private List<Image> Small(Projection p, PictureConventions c) => WithMap(p, SmallSide, IsWhole
        ? [FieldPanel.Whole(p.Draw(c), SmallSide), FieldPanel.Whole(p.Shown, SmallSide)]
        : [p.Projected(c, SmallSide), p.Patch(SmallSide)]);

    private static List<Image> WithMap(Projection p, int side, List<Image> panels) => p.Map is null ? panels : [p.Mapped(side), .. panels];

    private static Image Joined(List<Image> panels, int? columns = null) =>
        Grid.Compose([.. panels.Select(p => new GridTile(p))], new GridOptions { Columns = columns ?? panels.Count, Padding = 2 });
}

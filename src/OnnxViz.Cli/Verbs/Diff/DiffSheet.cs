using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Cli.Verbs.Diff;

/// <summary>What changed as one picture: a row for each unit, before and now, and a row for each picture whose explanation moved.</summary>
internal static class DiffSheet
{
    /// <summary>Longer sides are brought to this one.</summary>
    private const int Side = 192;

    /// <summary>Less is rounding.</summary>
    private const double Still = 0.001;

    /// <returns>Null where there is nothing to show.</returns>
    public static Image? Draw(DiffFindings findings)
    {
        List<Image> rows =
        [
            .. findings.Seen.Select(UnitRow),
            .. findings.Maps.Where(m => m is { Shown: not null, Move.Moved: > Still }).Select(MapRow),
        ];
        return rows.Count == 0 ? null : Grid.Compose([.. rows.Select(r => new GridTile(r))], new GridOptions { Columns = 1, Padding = 0, Title = $"{Path.GetFileName(findings.Before)} and {Path.GetFileName(findings.After)}" });
    }

    private static Image UnitRow(SeenUnit seen)
    {
        var title = $"{seen.Unit.Name}, change {seen.Unit.Change:0.00}";
        GridTile[] strongest = [new(Fit(seen.Strongest.Before), "strongest before"), new(Fit(seen.Strongest.After), "strongest now")];
        GridTile[] tiles = seen.Maximized is var (before, after) ? [new(Fit(before), "sees before"), new(Fit(after), "sees now"), .. strongest] : strongest;
        return Grid.Compose(tiles, new GridOptions { Columns = tiles.Length, Title = title });
    }

    private static Image MapRow(MovedMap map)
    {
        var (picture, before, after) = map.Shown!.Value;
        return Grid.Compose(
            [new(Fit(picture), map.Picture), new(Fit(before), $"{map.Subject} before"), new(Fit(after), $"{map.Subject} now")],
            new GridOptions { Columns = 3, Title = $"{map.Picture}: {100 * map.Move.Moved:0} % of the saliency moved" });
    }

    private static Image Fit(Image picture)
    {
        var longest = Math.Max(picture.Width, picture.Height);
        if (longest * 2 <= Side) return ImageOps.Enlarge(picture, Side / longest);
        return longest <= Side ? picture : Resampler.Resize(picture, Math.Max(1, picture.Width * Side / longest), Math.Max(1, picture.Height * Side / longest), ResampleFilter.Bilinear);
    }
}

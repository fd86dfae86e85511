using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>Units by row, checkpoints by column, as figure 4 of Zeiler and Fergus 2013; and the same as frames, a checkpoint each.</summary>
internal sealed class EvolutionSheet(EvolutionScene scene)
{
    private const string Legend =
        "In each block: the training picture that excites the unit most, what it sees of that marked; that part, enlarged; below what the unit responds to most strongly, "
        + "found from the same noise every time; and the deconvnet projection of that part. The number is the activation.";

    private const string ShortLegend =
        "In each block: the training picture that excites the unit most, what it sees of that marked; that part, enlarged; below its deconvnet projection. The number is the activation.";

    private const int SheetSide = 84, FrameSide = 112, Between = 12, Margin = 14;

    /// <summary>Of units: with more a frame has smaller pictures, so that it is not larger than a screen by far.</summary>
    private const int Many = 16;

    private const string Units = "unit";

    private const double TitleSize = 22, LabelSize = 15, SmallSize = 12;

    private static readonly Color Ink = new(17, 17, 17), Soft = new(90, 90, 90), Line = new(205, 205, 205), Mark = new(240, 100, 20);

    private static readonly int TitleHeight = (int)(TitleSize * Lettering.LineHeight) + 10, CaptionHeight = (int)(SmallSize * Lettering.LineHeight) + 4;

    /// <summary>Refuses, before the work, what would make too large a sheet.</summary>
    /// <param name="units">How many rows.</param>
    /// <param name="checkpoints">How many columns.</param>
    /// <param name="longer">The longer side of the pictures, in pixels.</param>
    /// <exception cref="OnnxVizException">It would be too large.</exception>
    public static void Check(int units, int checkpoints, int longer)
    {
        var place = EvolutionCell.Width(EvolutionCell.SideFor(longer, SheetSide)) + Between + CaptionHeight;
        if ((double)units * checkpoints * place * place > ImageLimits.MaxPixels)
            throw OnnxVizException.Usage($"A sheet of {units} units and {checkpoints} checkpoints would have more than {ImageLimits.MaxPixels / 1_000_000} million pixels: ask for fewer.");
    }

    /// <summary>Everything on one sheet.</summary>
    public Image Draw()
    {
        var side = SideFor(SheetSide);
        var block = EvolutionCell.Width(side);
        var labels = scene.Units.Select(u => $"{u}").ToList();
        var left = Margin + (int)Math.Ceiling(labels.Append(Units).Max(l => Lettering.Measure(l, LabelSize))) + Between;
        var hasAccuracy = scene.Columns.Any(c => c.Accuracy is not null);
        var head = (int)(LabelSize * Lettering.LineHeight) + (hasAccuracy ? CaptionHeight : 0) + 6;
        var width = left + (scene.Columns.Count * (block + Between)) - Between + Margin;
        var title = Lettering.Wrap(Title(), width - (2 * Margin), TitleSize, 3);
        var legend = Lettering.Wrap(scene.Cell(0, 0).Maximized is null ? ShortLegend : Legend, width - (2 * Margin), SmallSize + 1, 8);
        var top = Margin + (title.Count * TitleHeight) + head;
        var row = block + CaptionHeight + Between;
        var height = top + (scene.Units.Count * row) + (legend.Count * CaptionHeight) + Margin;
        var sheet = White(width, height);
        for (var i = 0; i < title.Count; i++) Write(sheet, title[i], Margin, Margin + (i * TitleHeight), TitleSize, Ink);
        Write(sheet, Units, Margin, top - head, LabelSize, Soft);
        for (var c = 0; c < scene.Columns.Count; c++)
        {
            var middle = left + (c * (block + Between)) + (block / 2.0);
            Centre(sheet, scene.Columns[c].Label, middle, top - head, LabelSize, Ink);
            if (scene.Columns[c].AccuracyText is { } accuracy) Centre(sheet, accuracy, middle, top - CaptionHeight - 4, SmallSize, Soft);
        }

        for (var u = 0; u < scene.Units.Count; u++)
        {
            var y = top + (u * row);
            Write(sheet, labels[u], Margin, y + ((block - (int)(LabelSize * Lettering.LineHeight)) / 2), LabelSize, Ink);
            for (var c = 0; c < scene.Columns.Count; c++)
            {
                var (cell, x) = (scene.Cell(u, c), left + (c * (block + Between)));
                ImageOps.Paste(sheet, cell.Draw(scene.FieldSize, side), x, y);
                Centre(sheet, cell.Strength, x + (block / 2.0), y + block + 3, SmallSize, Soft);
            }
        }

        for (var i = 0; i < legend.Count; i++)
            Write(sheet, legend[i], Margin, height - Margin - ((legend.Count - i) * CaptionHeight) + 4, SmallSize + 1, Soft);
        return sheet;
    }

    /// <summary>All units in one checkpoint; frames are of one size.</summary>
    /// <param name="column">Index of the checkpoint.</param>
    public Image Frame(int column)
    {
        var side = SideFor(scene.Units.Count > Many ? FrameSide / 2 : FrameSide);
        var tiles = scene.Units.Select((unit, u) => (Unit: unit, Cell: scene.Cell(u, column))).Select(t => (t.Unit, t.Cell.Strength, Block: t.Cell.Draw(scene.FieldSize, side))).ToList();
        var block = EvolutionCell.Width(side);
        var across = Across(tiles.Count);
        var down = (tiles.Count + across - 1) / across;
        var title = (int)(TitleSize * Lettering.LineHeight) + 8;
        const int timeline = 26;
        var row = block + CaptionHeight + Between;
        var width = Math.Max((2 * Margin) + (across * (block + Between)) - Between, 420);
        var frame = White(width, Margin + title + timeline + (down * row) + Margin - Between);
        var shown = scene.Columns[column];
        foreach (var line in Lettering.Wrap($"{scene.Layer}, {shown.Label}", width - 140, TitleSize, 1)) Write(frame, line, Margin, Margin, TitleSize, Ink);
        if (shown.AccuracyText is { } accuracy) Write(frame, accuracy, width - Margin - (int)Math.Ceiling(Lettering.Measure(accuracy, TitleSize)), Margin, TitleSize, Soft);
        Timeline(frame, column, Margin + title + 6);
        for (var i = 0; i < tiles.Count; i++)
        {
            int x = Margin + (i % across * (block + Between)), y = Margin + title + timeline + (i / across * row);
            ImageOps.Paste(frame, tiles[i].Block, x, y);
            Centre(frame, $"{tiles[i].Unit} ({tiles[i].Strength})", x + (block / 2.0), y + block + 3, SmallSize, Soft);
        }

        return frame;
    }

    private int SideFor(int wanted)
    {
        var picture = scene.Cell(0, 0).Picture;
        return EvolutionCell.SideFor(Math.Max(picture.Width, picture.Height), wanted);
    }

    /// <summary>Half as many again across as down, full rows preferred.</summary>
    private static int Across(int count)
    {
        var wanted = (int)Math.Ceiling(Math.Sqrt(1.5 * count));
        return Enumerable.Range(wanted, wanted).Where(a => count % a == 0 && a <= wanted + 2).DefaultIfEmpty(Math.Min(count, wanted)).First();
    }

    private string Title() =>
        $"{scene.Layer} of {scene.Network}: {scene.Units.Count} {(scene.Units.Count == 1 ? "unit" : "units")}, {scene.Columns.Count} {(scene.Columns.Count == 1 ? "checkpoint" : "checkpoints")}"
        + (scene.Columns.Any(c => c.Accuracy is not null) ? ", accuracy on test pictures" : "");

    /// <summary>A tick for each checkpoint, that shown and those before it in the colour of the marks.</summary>
    private void Timeline(Image frame, int column, int y)
    {
        var count = scene.Columns.Count;
        var each = (double)(frame.Width - (2 * Margin)) / count;
        for (var i = 0; i < count; i++)
        {
            int from = Margin + (int)(i * each), to = Margin + (int)((i + 1) * each) - 3;
            for (var x = from; x < to; x++)
                for (var line = 0; line < 5; line++) (i <= column ? Mark : Line).Blend(frame, x, y + line, 1);
        }
    }

    private static Image White(int width, int height)
    {
        var sheet = new Image(width, height);
        sheet.Pixels.AsSpan().Fill(255);
        return sheet;
    }

    private static void Centre(Image sheet, string text, double middle, int top, double size, Color color) =>
        Write(sheet, text, middle - (Lettering.Measure(text, size) / 2), top, size, color);

    private static void Write(Image sheet, string text, double left, int top, double size, Color color) =>
        Lettering.Draw(sheet, left, Math.Round(top + (size * Lettering.Ascent)), text, size, color);
}

using System.Text;
using System.Text.RegularExpressions;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Sheets;
using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace OnnxViz.Cli.Results;

/// <param name="Label">Written at the line's end; null for none.</param>
/// <param name="Xs">Ascending.</param>
/// <param name="Ys">For each of them; NaN for a gap.</param>
internal sealed record Curve(string? Label, double[] Xs, double[] Ys)
{
    /// <summary>Number of a colour; -1 for gray.</summary>
    public int Hue { get; init; }

    /// <summary>What lies behind another line: thin and pale.</summary>
    public bool IsFaint { get; init; }
}

/// <param name="Title">Above it.</param>
/// <param name="XLabel">Below it.</param>
/// <param name="Lines">In the order in which they are drawn.</param>
internal sealed record CurvePanel(string Title, string XLabel, IReadOnlyList<Curve> Lines)
{
    /// <summary>Values are shares, 0 to 1, and shown as percents.</summary>
    public bool IsPercent { get; init; }

    /// <summary>x counts something: no ticks between whole numbers.</summary>
    public bool HasWholeX { get; init; }

    /// <summary>What stands at x = 0, 1, 2 and so on; null for numbers.</summary>
    public IReadOnlyList<string>? XNames { get; init; }

    /// <summary>Where y ends; null for where the lines do.</summary>
    public (double Low, double High)? YLimits { get; init; }

    /// <summary>Where x ends; null for where the lines do.</summary>
    public (double Low, double High)? XLimits { get; init; }
}

/// <summary>Lines over time, panels side by side, as PNG and as SVG; each line bears its name at its end.</summary>
internal static partial class Curves
{
    /// <summary>In pixels; the PNG has twice as many.</summary>
    private const int PanelWidth = 520, Height = 340, LabelRoom = 84, LabelSize = 14;

    private const int Scale = 2;

    private static readonly Color[] Hues = Array.ConvertAll(
        ["#2563eb", "#ea580c", "#059669", "#9333ea", "#dc2626", "#0891b2", "#a16207", "#db2777", "#4d7c0f"], hex => new Color(hex));

    private static readonly Color Gray = new("#6b7280"), Ink = new("#1f2937"), Rule = new("#e5e7eb");

    static Curves()
    {
        // The fonts of a machine have no say.
        Fonts.FontResolvers.Clear();
        Fonts.FontResolvers.Add(new InterOnly());
        Fonts.Default = Fonts.Sans = InterOnly.Name;
    }

    /// <summary>Writes FILE.png and FILE.svg.</summary>
    /// <param name="path">With or without an extension.</param>
    /// <param name="panels">From left to right.</param>
    /// <param name="manifest">What the PNG says of itself; null for nothing.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, IReadOnlyList<CurvePanel> panels, string? manifest = null)
    {
        OutputFile.Write(Path.ChangeExtension(path, ".png"), PngWriter.Encode(Draw(panels), manifest is null ? null : [new(Manifest.Keyword, manifest)]));
        OutputFile.Write(Path.ChangeExtension(path, ".svg"), Encoding.UTF8.GetBytes(Svg(panels)));
    }

    public static Imaging.Image Draw(IReadOnlyList<CurvePanel> panels)
    {
        var (width, height) = (panels.Count * PanelWidth * Scale, Height * Scale);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Scale(Scale);
            Draw(canvas, panels);
        }

        var picture = new Imaging.Image(width, height);
        var pixels = bitmap.GetPixelSpan();
        for (var p = 0; p < width * height; p++) pixels.Slice(4 * p, 3).CopyTo(picture.Pixels.AsSpan(3 * p));
        return picture;
    }

    public static string Svg(IReadOnlyList<CurvePanel> panels)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, panels.Count * PanelWidth, Height), stream)) Draw(canvas, panels);
        // Who has no Inter gets the like of it.
        return Renumbered(Encoding.UTF8.GetString(stream.ToArray()))
            .Replace($"font-family=\"{InterOnly.Name}\"", $"font-family=\"{InterOnly.Name}, Helvetica, Arial, sans-serif\"", StringComparison.Ordinal);
    }

    /// <summary>Skia counts its names through all that a process draws: equal lines are to give equal files.</summary>
    private static string Renumbered(string svg)
    {
        var names = new Dictionary<string, string>();
        return SkiaName().Replace(svg, found => names.TryGetValue(found.Value, out var name) ? name : names[found.Value] = $"n{names.Count}");
    }

    [GeneratedRegex("(?<=id=\"|url\\(#)[a-z]+_[0-9a-f]+")]
    private static partial Regex SkiaName();

    private static void Draw(SKCanvas canvas, IReadOnlyList<CurvePanel> panels)
    {
        canvas.Clear(SKColors.White);
        for (var i = 0; i < panels.Count; i++)
        {
            using var plot = PlotOf(panels[i]);
            using var place = new SKAutoCanvasRestore(canvas);
            // A plot wipes all that it can reach.
            canvas.ClipRect(SKRect.Create(i * PanelWidth, 0, PanelWidth, Height));
            canvas.Translate(i * PanelWidth, 0);
            plot.Render(canvas, new PixelRect(0, PanelWidth, Height, 0));
            Label(canvas, plot, panels[i].Lines);
        }
    }

    private static Plot PlotOf(CurvePanel panel)
    {
        var plot = new Plot { ScaleFactor = 1 };
        plot.FigureBackground.Color = plot.DataBackground.Color = Colors.White;
        foreach (var line in panel.Lines)
        {
            var added = plot.Add.ScatterLine(line.Xs, panel.IsPercent ? Array.ConvertAll(line.Ys, y => 100 * y) : line.Ys);
            added.LineWidth = line.IsFaint ? 1 : 2.2f;
            added.Color = HueOf(line).WithAlpha(line.IsFaint ? 0.25 : 1);
            // A single point has no line.
            added.MarkerSize = line.Xs.Length <= 30 && !line.IsFaint ? 5 : 0;
        }

        plot.Title(PlainText.Of(panel.Title));
        plot.XLabel(panel.XLabel);
        (plot.Axes.Title.Label.FontSize, plot.Axes.Title.Label.Bold, plot.Axes.Title.Label.ForeColor) = (17, false, Ink);
        (plot.Axes.Bottom.Label.FontSize, plot.Axes.Bottom.Label.Bold, plot.Axes.Bottom.Label.ForeColor) = (LabelSize, false, Gray);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = panel.HasWholeX, TargetTickCount = 6 };
        if (panel.XNames is { } names) plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. names.Select((_, i) => (double)i)], [.. names]);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TargetTickCount = 6, LabelFormatter = y => panel.IsPercent ? $"{y:0.##} %" : $"{y:0.###}" };
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            (axis.TickLabelStyle.FontSize, axis.TickLabelStyle.ForeColor, axis.FrameLineStyle.Color) = (13, Gray, Rule);
            (axis.MajorTickStyle.Length, axis.MinorTickStyle.Length) = (0, 0);
        }

        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Rule;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.Right.MinimumSize = LabelRoom;
        plot.Axes.AutoScale();
        if (panel.YLimits is var (low, high)) plot.Axes.SetLimitsY(panel.IsPercent ? 100 * low : low, panel.IsPercent ? 100 * high : high);
        if (panel.XLimits is var (left, right)) plot.Axes.SetLimitsX(left, right);
        return plot;
    }

    /// <summary>Writes each line's name behind its last point; names that would meet move apart.</summary>
    private static void Label(SKCanvas canvas, Plot plot, IReadOnlyList<Curve> lines)
    {
        const float Apart = LabelSize * 1.2f;
        var data = plot.LastRender.DataRect;
        using var font = new SKFont(Lettering.Typeface, LabelSize) { Subpixel = true };
        var drawn = plot.GetPlottables<ScottPlot.Plottables.Scatter>().Select(s => s.Data.GetScatterPoints());
        var ordered = lines.Zip(drawn)
            .Where(l => l.First.Label is not null && l.Second.Count > 0)
            .Select(l => (Text: PlainText.Of(l.First.Label!), Color: HueOf(l.First), Y: Math.Clamp(plot.GetPixel(l.Second[^1]).Y, data.Top, data.Bottom)))
            .OrderBy(l => l.Y)
            .ToList();
        for (var pass = 0; pass < 50; pass++)
        {
            for (var i = 1; i < ordered.Count; i++)
            {
                var missing = Apart - (ordered[i].Y - ordered[i - 1].Y);
                if (missing <= 0) continue;
                ordered[i - 1] = ordered[i - 1] with { Y = ordered[i - 1].Y - (missing / 2) };
                ordered[i] = ordered[i] with { Y = ordered[i].Y + (missing / 2) };
            }
        }

        foreach (var (text, color, y) in ordered)
        {
            using var paint = new SKPaint { Color = new SKColor(color.R, color.G, color.B), IsAntialias = true };
            canvas.DrawText(text, data.Right + 6, y + (LabelSize * (float)Lettering.CapHeight / 2), SKTextAlign.Left, font, paint);
        }
    }

    private static Color HueOf(Curve line) => line.Hue < 0 ? Gray : Hues[line.Hue % Hues.Length];

    private sealed class InterOnly : IFontResolver
    {
        public const string Name = "Inter";

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Lettering.Typeface;

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Lettering.Typeface;
    }
}

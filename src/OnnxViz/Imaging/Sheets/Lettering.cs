using System.Buffers;
using SkiaSharp;

namespace OnnxViz.Imaging.Sheets;

/// <summary>
/// Writes text into pictures in Inter, the typeface that this assembly carries: Latin, Greek, Cyrillic. The outlines are scaled to
/// whole 64ths of a pixel here, Skia finds how much of each pixel they cover, and the colours are mixed here: no font, hint or
/// blending of the machine has a say, and a text is the same bytes everywhere. Sizes are pixels of the em.
/// </summary>
internal static class Lettering
{
    /// <summary>Height of a capital, of the size.</summary>
    public const double CapHeight = 0.727;

    /// <summary>From baseline to baseline, of the size.</summary>
    public const double LineHeight = 1.25;

    /// <summary>From the top of a line to its baseline, of the size.</summary>
    public const double Ascent = 0.97;

    /// <summary>Inter itself, for what is drawn by others.</summary>
    internal static SKTypeface Typeface => _typeface;

    private const string Ellipsis = "…";

    private static readonly SearchValues<char> _breaks = SearchValues.Create("/._-:,+");

    private static readonly SKTypeface _typeface = Load();

    /// <summary>Width of a line, in pixels.</summary>
    public static double Measure(string text, double size)
    {
        using var font = InUnits();
        return Advances(font, font.GetGlyphs(text)).Sum() * size / _typeface.UnitsPerEm;
    }

    /// <summary>
    /// The text on lines of at most <paramref name="width"/> pixels: broken at spaces, long words behind punctuation or anywhere. What
    /// does not fit on <paramref name="most"/> lines ends in an ellipsis; no line where not even that fits.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size, int most)
    {
        var lines = new List<string>();
        var rest = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        while (rest.Length > 0 && Measure(Ellipsis, size) <= width)
        {
            var end = Fitting(rest, width, size);
            if (end == rest.Length)
            {
                lines.Add(rest);
                break;
            }

            if (lines.Count == most - 1)
            {
                lines.Add(rest[..Fitting(rest, width - Measure(Ellipsis, size), size)].TrimEnd() + Ellipsis);
                break;
            }

            end = BreakAt(rest, end);
            if (end == 0) return [];
            lines.Add(rest[..end].TrimEnd());
            rest = rest[end..].TrimStart();
        }

        return lines;
    }

    /// <summary>Writes one line from (x, baseline) to the right. What lies outside the picture is left out.</summary>
    public static void Draw(Image image, double x, double baseline, string text, double size, Color color)
    {
        using var font = InUnits();
        var glyphs = font.GetGlyphs(text);
        var advances = Advances(font, glyphs);
        double scale = size / _typeface.UnitsPerEm, pen = x;
        for (var i = 0; i < glyphs.Length; i++)
        {
            using var outline = font.GetGlyphPath(glyphs[i]);
            if (outline is { IsEmpty: false }) Fill(image, outline, scale, pen, baseline, color);
            pen += advances[i] * scale;
        }
    }

    /// <summary>Characters of the beginning that fit; never half a surrogate pair.</summary>
    private static int Fitting(string text, double width, double size)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width -= Measure(rune.ToString(), size);
            if (width < -1e-6) break;
            end += rune.Utf16SequenceLength;
        }

        return end;
    }

    private static int BreakAt(string text, int end)
    {
        if (text[end] == ' ') return end;
        var space = text.LastIndexOf(' ', Math.Max(0, end - 1));
        if (space > 0) return space;
        var punctuation = text.AsSpan(0, end).LastIndexOfAny(_breaks);
        return punctuation > 0 ? punctuation + 1 : end;
    }

    private static unsafe void Fill(Image image, SKPath outline, double scale, double x, double y, Color color)
    {
        using var path = Scaled(outline, scale, x, y);
        var bounds = path.Bounds;
        int left = Math.Max(0, (int)Math.Floor(bounds.Left)), top = Math.Max(0, (int)Math.Floor(bounds.Top));
        int width = Math.Min(image.Width, (int)Math.Ceiling(bounds.Right)) - left, height = Math.Min(image.Height, (int)Math.Ceiling(bounds.Bottom)) - top;
        if (width <= 0 || height <= 0) return;

        var coverage = new byte[width * height];
        fixed (byte* first = coverage)
        {
            using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Alpha8, SKAlphaType.Premul), (nint)first, width);
            using var paint = new SKPaint { IsAntialias = true };
            surface.Canvas.Translate(-left, -top);
            surface.Canvas.DrawPath(path, paint);
        }

        for (var i = 0; i < coverage.Length; i++)
            if (coverage[i] > 0) color.Blend(image, left + (i % width), top + (i / width), coverage[i] / 255.0);
    }

    private static SKPath Scaled(SKPath outline, double scale, double x, double y)
    {
        SKPoint At(SKPoint p) => new((float)(Math.Round(64 * (x + (p.X * scale))) / 64), (float)(Math.Round(64 * (y + (p.Y * scale))) / 64));
        using var scaled = new SKPathBuilder();
        using var verbs = outline.CreateRawIterator();
        var points = new SKPoint[4];
        for (SKPathVerb verb; (verb = verbs.Next(points)) != SKPathVerb.Done;)
        {
            switch (verb)
            {
                case SKPathVerb.Move: scaled.MoveTo(At(points[0])); break;
                case SKPathVerb.Line: scaled.LineTo(At(points[1])); break;
                case SKPathVerb.Quad: scaled.QuadTo(At(points[1]), At(points[2])); break;
                case SKPathVerb.Cubic: scaled.CubicTo(At(points[1]), At(points[2]), At(points[3])); break;
                default: scaled.Close(); break;
            }
        }

        return scaled.Detach();
    }

    /// <summary>At a pixel for each unit of the design, so that outlines and advances are its own whole numbers.</summary>
    private static SKFont InUnits() => new(_typeface, _typeface.UnitsPerEm) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };

    private static double[] Advances(SKFont font, ushort[] glyphs) => [.. font.GetGlyphWidths(glyphs).Select(w => Math.Round(w))];

    private static SKTypeface Load()
    {
        using var file = typeof(Lettering).Assembly.GetManifestResourceStream("Inter-Regular.otf")!;
        using var data = SKData.Create(file);
        return SKTypeface.FromData(data);
    }
}

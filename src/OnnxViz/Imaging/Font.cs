using System.Text;

namespace OnnxViz.Imaging;

/// <summary>Writes labels into pictures, in the letters of <see cref="FontSheet"/> at whole multiples of their size.</summary>
internal static class Font
{
    public const int Height = FontSheet.Rows;

    private const string Ellipsis = "…";
    private const int Gap = 1;

    // [character][row], '#' is ink.
    private static readonly string[][] _glyphs = ReadSheet();

    /// <summary>Width of a text at scale 1, in pixels.</summary>
    public static int Measure(string text) => Math.Max(0, Glyphs(text).Sum(glyph => glyph[0].Length + Gap) - Gap);

    /// <summary>The text, or as much of its beginning as fits <paramref name="width"/> pixels at scale 1 with an ellipsis.</summary>
    public static string Fit(string text, int width)
    {
        if (Measure(text) <= width)
        {
            return text;
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        for (int count = runes.Length - 1; count > 0; count--)
        {
            string shorter = string.Concat(runes.Take(count)).TrimEnd() + Ellipsis;
            if (Measure(shorter) <= width)
            {
                return shorter;
            }
        }

        return Measure(Ellipsis) <= width ? Ellipsis : "";
    }

    /// <summary>Writes one line; its upper left corner is (x, y). What lies outside the picture is left out.</summary>
    public static void Draw(Image image, int x, int y, string text, int scale, Color color)
    {
        foreach (string[] glyph in Glyphs(text))
        {
            for (int i = 0; i < Height * scale; i++)
            {
                for (int j = 0; j < glyph[0].Length * scale; j++)
                {
                    if (glyph[i / scale][j / scale] == '#' && x + j >= 0 && x + j < image.Width && y + i >= 0 && y + i < image.Height)
                    {
                        color.Put(image, x + j, y + i);
                    }
                }
            }

            x += (glyph[0].Length + Gap) * scale;
        }
    }

    private static IEnumerable<string[]> Glyphs(string text) => text.EnumerateRunes().Select(rune => _glyphs[rune.Value switch
    {
        >= ' ' and <= '~' => rune.Value - ' ',
        '…' => '~' + 1 - ' ',
        _ => '?' - ' ',
    }]);

    private static string[][] ReadSheet() =>
    [
        .. FontSheet.Bands.ReplaceLineEndings("\n").Split('\n').Chunk(FontSheet.Rows).SelectMany(band =>
        {
            string[][] rows = [.. band.Select(row => row.Split(' '))];
            return Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray());
        }),
    ];
}

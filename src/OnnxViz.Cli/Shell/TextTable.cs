using Spectre.Console;

namespace OnnxViz.Cli.Shell;

/// <summary>
/// A table of text within a width: as it is where it fits, with cells of several words broken between words where that helps, and else
/// row by row with a line for each cell. Nothing is left out, and no word or number is broken.
/// </summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    private readonly List<(string Name, bool IsNumber)> _columns;
    private readonly List<string[]> _rows;

    /// <param name="columns">Headings; those that start with &gt; are of numbers and aligned to the right.</param>
    /// <param name="rows">One text for each column. What would be more than text on a terminal is shown as ?.</param>
    public TextTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        _columns = [.. columns.Select(c => c.StartsWith('>') ? (c[1..], true) : (c, false))];
        _rows = [.. rows.Select(row => row.Select(PlainText.Of).ToArray())];
    }

    /// <param name="writer">Receives the lines.</param>
    /// <param name="width">Columns of a line; null for any number.</param>
    public void Write(TextWriter writer, int? width)
    {
        foreach (var line in Lines(width ?? int.MaxValue)) writer.WriteLine(line);
    }

    private IEnumerable<string> Lines(int width)
    {
        var natural = _columns.Select((c, i) => Cells(i).Max(Width)).ToArray();
        var least = _columns.Select((c, i) => c.IsNumber ? natural[i] : Cells(i).SelectMany(Words).Append("").Max(Width)).ToArray();
        if (Total(natural) <= width) return Rows(natural);
        return Total(least) <= width && least.Length > 1 ? Rows(Shared(natural, least, width)) : Stacked(width);
    }

    /// <summary>The heading and all cells of a column.</summary>
    private IEnumerable<string> Cells(int column) => _rows.Select(r => r[column]).Prepend(_columns[column].Name);

    private static int Total(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    /// <summary>Narrows the widest columns until all fit.</summary>
    private static int[] Shared(int[] natural, int[] least, int width)
    {
        int[] widths = [.. natural];
        while (Total(widths) > width)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i]).MaxBy(i => widths[i]);
            widths[widest]--;
        }

        return widths;
    }

    private IEnumerable<string> Rows(int[] widths) => _rows.Prepend([.. _columns.Select(c => c.Name)]).SelectMany(row =>
    {
        var cells = row.Select((cell, i) => Broken(cell, widths[i]).ToList()).ToList();
        return Enumerable.Range(0, cells.Max(c => c.Count)).Select(line =>
            string.Concat(cells.Select((c, i) => Padded(line < c.Count ? c[line] : "", widths[i], _columns[i].IsNumber) + new string(' ', Gap))).TrimEnd());
    });

    /// <summary>The first cell, and below it a line for each other cell that is not empty: its heading and its text.</summary>
    private IEnumerable<string> Stacked(int width)
    {
        var names = _columns.Skip(1).Max(c => Width(c.Name));
        foreach (var row in _rows)
        {
            yield return row[0];
            for (var i = 1; i < row.Length; i++)
            {
                var lines = Broken(row[i], Math.Max(width - names - 2 * Gap, 1)).ToList();
                for (var line = 0; line < lines.Count; line++)
                    if (lines[line].Length > 0) yield return $"{new string(' ', Gap)}{Padded(line == 0 ? _columns[i].Name : "", names, toTheRight: false)}{new string(' ', Gap)}{lines[line]}";
            }
        }
    }

    /// <summary>Lines of whole words; a longer word has a line of its own.</summary>
    private static IEnumerable<string> Broken(string text, int width)
    {
        if (Width(text) <= width)
        {
            yield return text;
            yield break;
        }

        var line = "";
        foreach (var word in Words(text))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Padded(string text, int width, bool toTheRight)
    {
        var space = new string(' ', Math.Max(0, width - Width(text)));
        return toTheRight ? space + text : text + space;
    }

    private static int Width(string text) => System.Text.Ascii.IsValid(text) ? text.Length : text.GetCellWidth();
}

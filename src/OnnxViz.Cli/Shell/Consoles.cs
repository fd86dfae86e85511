using Spectre.Console;

namespace OnnxViz.Cli.Shell;

/// <summary>Tables and consoles for a person at a terminal, or plain text for a pipe.</summary>
internal static class Consoles
{
    public static IAnsiConsole For(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        // A pipe has no width at which lines would have to be broken.
        if (!isTerminal) console.Profile.Width = 4096;
        return console;
    }

    /// <param name="writer">What the console writes to.</param>
    /// <param name="isTerminal">Whether a person reads it.</param>
    /// <param name="columns">Headings; those that start with &gt; are of numbers and aligned to the right.</param>
    /// <param name="rows">One text for each column.</param>
    public static void Table(TextWriter writer, bool isTerminal, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('>');
            var heading = new TableColumn(new Text(isNumber ? column[1..] : column, new Style(decoration: Decoration.Bold))).NoWrap().PadRight(2);
            table.AddColumn(isNumber ? heading.RightAligned() : heading);
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        if (isTerminal)
        {
            For(writer, isTerminal: true).Write(table);
            return;
        }

        using var text = new StringWriter();
        For(text, isTerminal: false).Write(table);
        foreach (var line in text.ToString().TrimEnd().Split('\n')) writer.WriteLine(line.TrimEnd());
    }
}

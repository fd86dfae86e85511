using System.Text.RegularExpressions;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>Tables in windows of 40, 80 and 120 columns, and without a window.</summary>
public sealed partial class TextTableTests
{
    private static readonly string[][] _commands =
    [
        ["models"], ["summary", "vgg16-body"], ["summary", "efficientnet-lite0"], ["doctor"], ["doctor", "vgg16-body"], ["coverage", "efficientnet-lite0"],
        ["predict", "-i", Repository.Carried("images/chelsea.png")],
    ];

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_and_no_word_is_broken(int width)
    {
        foreach (var command in _commands)
        {
            var wide = Printed(null, command);
            var narrow = Printed(width, command);
            // Whatever has no space in it is still there, in one piece; what begins a stacked row needs no heading.
            Assert.Empty(Words(wide).Except(Words(narrow)).Except(["name", "layer", "what", "operator", "picture"]));
            Assert.DoesNotContain('…', narrow);
            foreach (var line in narrow.Split('\n').Where(l => l.Length > width && l.Trim().Contains(' ')))
                Assert.True(IsProse(line, wide) || Words(line).Exists(w => w.Length > width / 2), $"{string.Join(' ', command)} at {width}: {line}");
        }
    }

    [Fact]
    public void What_fits_is_a_table() =>
        Assert.Equal("name  what         number\na     a few words       1\nbb    b                20\n", Table(80, ["name", "what", ">number"], ["a", "a few words", "1"], ["bb", "b", "20"]));

    [Fact]
    public void Cells_of_several_words_are_broken_between_words() =>
        Assert.Equal("name  what   number\na     a few       1\n      words\nbb    b          20\n", Table(19, ["name", "what", ">number"], ["a", "a few words", "1"], ["bb", "b", "20"]));

    [Fact]
    public void What_does_not_fit_at_all_is_stacked() =>
        Assert.Equal("conv1_1\n  op      Conv\n  output  1,64,224,224\nx\n  op      Relu\n", Table(18, ["layer", "op", "output"], ["conv1_1", "Conv", "1,64,224,224"], ["x", "Relu", ""]));

    [Fact]
    public void Names_are_data_to_a_terminal() =>
        Assert.Equal("name\n?[31mred?\n", Table(80, ["name"], ["\u001b[31mred\n"]));

    [Fact]
    public void Wide_letters_take_two_columns() => Assert.Equal("name  n\n猫    1\nab    2\n", Table(80, ["name", ">n"], ["猫", "1"], ["ab", "2"]));

    private static string Table(int width, string[] columns, params string[][] rows)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new TextTable(columns, rows).Write(writer, width);
        return writer.ToString();
    }

    private static string Printed(int? width, string[] command)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var exit = Program.Run(command, new Streams(output, error, CancellationToken.None) { IsTerminal = width is not null, WindowWidth = width });
        Assert.True(exit == 0, error.ToString());
        return output.ToString();
    }

    private static List<string> Words(string text) => [.. Word().Matches(text).Select(m => m.Value)];

    /// <summary>Lines that are no table are left to the terminal.</summary>
    private static bool IsProse(string line, string wide) => wide.Split('\n').Contains(line);

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();
}

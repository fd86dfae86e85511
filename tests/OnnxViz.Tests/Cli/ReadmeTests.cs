using System.Text.RegularExpressions;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What README tells people to type can be typed, and what it shows is there.</summary>
public partial class ReadmeTests
{
    private static string Readme => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void Commands_are_understood()
    {
        // Words in capitals stand for something else.
        var commands = Commands().Matches(Readme).Select(m => m.Groups[1].Value).Where(c => !Placeholder().IsMatch(c)).Distinct().ToList();
        Assert.InRange(commands.Count, 15, 200);
        foreach (var command in commands)
        {
            using var error = new StringWriter();
            Assert.True(Arguments.Parse(CommandLines.Words(command), VerbList.All, new(error, error, default), out var verb) is null or 0, $"{command}: {error}");
            Assert.True(verb is not null || error.ToString().StartsWith("onnxviz 0", StringComparison.Ordinal), command);
        }
    }

    [Fact]
    public void The_table_of_verbs_has_all_of_them()
    {
        var table = Readme[Readme.IndexOf("| verb |", StringComparison.Ordinal)..];
        var rows = table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Skip(2);
        var verbs = rows.SelectMany(row => Code().Matches(row.Split('|')[1])).Select(m => m.Groups[1].Value);
        Assert.Equal(VerbList.All.Select(Manual.NameOf).Order(), verbs.Order());
    }

    [Fact]
    public void Pictures_are_there()
    {
        var pictures = Pictures().Matches(Readme).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(pictures);
        Assert.All(pictures, p => Assert.True(File.Exists(Path.Combine(Repository.Root, p)), p));
    }

    [GeneratedRegex("`onnxviz ([^`]+)`")]
    private static partial Regex Commands();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(^|\s)[A-Z]{2,}(\s|$)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+)\)")]
    private static partial Regex Pictures();
}

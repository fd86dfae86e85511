using System.Text.RegularExpressions;
using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>tools/README.md says of every fixture which script makes it.</summary>
public partial class FixtureIndexTests
{
    /// <summary>Folders of folders: each of these has rows for what is in it.</summary>
    private static readonly string[] Shelves = ["imaging"];

    private static readonly string Tools = Path.Combine(Repository.Root, "tools");

    [Fact]
    public void Every_fixture_is_listed_with_a_script_that_there_is()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Tools, "README.md"))).ToList();
        var listed = rows.SelectMany(r => Names(r.Groups["fixtures"].Value)).ToHashSet();
        Assert.All(rows, row => Assert.True(File.Exists(Path.Combine(Tools, row.Groups["script"].Value)), row.Value));
        Assert.Empty(Fixtures().Except(listed));
        Assert.All(listed, name => Assert.True(Path.Exists(Path.Combine(Folder, name)), name));
    }

    [Fact]
    public void Scripts_are_spelled_alike_and_listed()
    {
        var index = File.ReadAllText(Path.Combine(Tools, "README.md"));
        var scripts = Directory.GetFiles(Tools).Select(f => Path.GetFileName(f)).Where(f => f != "README.md").ToList();
        Assert.All(scripts, name => Assert.Matches("^([a-z0-9_]+\\.py|[a-z0-9_-]+\\.sh)$", name));
        Assert.All(scripts, name => Assert.Contains($"`{name}`", index));
    }

    private static string Folder => Path.Combine(Repository.Root, "tests", "OnnxViz.Tests", "Fixtures");

    private static IEnumerable<string> Fixtures() => Directory.EnumerateFileSystemEntries(Folder)
        .SelectMany(f => Shelves.Contains(Path.GetFileName(f)) ? Directory.EnumerateFileSystemEntries(f) : [f])
        .Where(f => Path.GetFileName(f) is var name && name != "README.md" && !name.StartsWith('.'))
        .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/'));

    private static IEnumerable<string> Names(string cell) => cell.Split(',', StringSplitOptions.TrimEntries).Select(name => name.Trim('`'));

    [GeneratedRegex("^\\| (?<fixtures>`[^|]+`) \\| `(?<script>make_[a-z_]+\\.py)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Install;

/// <summary>THIRD-PARTY.md has what the lock files have; `tools/third_party.py` writes it.</summary>
public sealed partial class ThirdPartyTests
{
    private static readonly string[] Shipped = ["src/OnnxViz/packages.lock.json", "src/OnnxViz.Cli/packages.lock.json"];

    [Fact]
    public void Every_locked_package_has_its_row_with_its_version_and_a_licence()
    {
        var rows = Rows(Section("## In what is handed on")).Concat(Rows(Section("## In nothing that is handed on"))).ToList();
        var locks = new[] { "src", "tests", "bench" }.SelectMany(f => Directory.GetDirectories(Path.Combine(Repository.Root, f))).Select(f => Path.Combine(f, "packages.lock.json")).Where(File.Exists);
        var locked = locks.SelectMany(Packages).Distinct().ToList();
        Assert.InRange(locked.Count, 40, 400);
        Assert.Equal(locked.Order(), rows.Select(r => (r.Name, r.Version)).Order());
        Assert.All(rows, r => Assert.Matches(@"^[A-Za-z0-9.\-]+$", r.Licence));
    }

    /// <summary>What those ask for is done: the licence's text stands below, the copyright beside the package.</summary>
    [Fact]
    public void What_is_handed_on_is_under_licences_whose_text_is_there()
    {
        var rows = Rows(Section("## In what is handed on")).ToList();
        var built = new[] { "Grpc.Tools", "Spectre.Console.Analyzer" };
        Assert.Equal(Shipped.SelectMany(Packages).Distinct().Where(p => !built.Contains(p.Name)).Order(), rows.Select(r => (r.Name, r.Version)).Order());
        var texts = Heading().Matches(Section("## The licences")).Select(m => m.Groups[1].Value).ToList();
        Assert.All(rows, r => Assert.Contains(r.Licence, texts));
        Assert.All(rows, r => Assert.NotEmpty(r.Copyright));
    }

    private static string Section(string heading)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY.md"));
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static IEnumerable<(string Name, string Version, string Licence, string Copyright)> Rows(string section) =>
        Row().Matches(section).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value));

    private static IEnumerable<(string Name, string Version)> Packages(string path) =>
        from framework in JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, path)))!["dependencies"]!.AsObject()
        from package in framework.Value!.AsObject()
        where package.Value!["resolved"] is not null
        select (package.Key, $"{package.Value!["resolved"]}");

    [GeneratedRegex(@"^\| \[?([^\]|]+?)\]?(?:\([^)]*\))? \| (\d[^ ]*) \| ([^|]+) \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

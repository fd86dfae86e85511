using System.Text.RegularExpressions;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Install;

/// <summary>build.sh and build.ps1 do the same, and who calls them calls what there is.</summary>
public sealed partial class BuildScriptsTests
{
    private static string Sh => Read("build.sh");

    private static string Ps1 => Read("build.ps1");

    [Fact]
    public void Both_scripts_have_the_same_targets()
    {
        Assert.NotEmpty(Targets());
        Assert.Equal(Targets(), Ps1Target().Matches(Ps1).Select(m => m.Groups[1].Value));
        Assert.Equal(Usage().Matches(Sh).Select(m => m.Groups[1].Value), Usage().Matches(Ps1).Select(m => m.Groups[1].Value));
        Assert.Equal(Targets().Order(), Usage().Matches(Sh).Select(m => m.Groups[1].Value).Where(t => t.Length > 0 && t != "[OPTIONS").Order());
    }

    /// <summary>Each with the same switches, projects and places, in the same order; how the two languages quote and join words is not compared.</summary>
    [Fact]
    public void Both_scripts_start_the_same_commands()
    {
        var (sh, ps1) = (Commands(Sh), Commands(Ps1));
        Assert.InRange(sh.Count, 8, 40);
        Assert.Equal(sh, ps1);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("deploy/README.md")]
    [InlineData("deploy/Containerfile")]
    [InlineData("deploy/Containerfile.cuda")]
    [InlineData(".github/workflows/release.yml")]
    [InlineData("docs/security.md")]
    public void Targets_that_others_name_are_there(string file) =>
        Assert.All(Called().Matches(Read(file)).Select(m => m.Groups[1].Value), t => Assert.Contains(t, Targets()));

    [SkippableFact]
    public void Shell_scripts_are_shell()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no bash for certain.");
        foreach (var script in new[] { "build.sh", ".ci/run", ".ci/install-check" })
        {
            using var bash = System.Diagnostics.Process.Start("bash", ["-n", Path.Combine(Repository.Root, script)]);
            bash.WaitForExit();
            Assert.Equal(0, bash.ExitCode);
        }
    }

    private static List<string> Targets() => [.. ShTargets().Match(Sh).Groups[1].Value.Split('|', StringSplitOptions.TrimEntries)];

    /// <summary>The words of every line that starts dotnet or a tool, those of each language taken away.</summary>
    private static List<string> Commands(string script) =>
    [
        .. from line in script.Split('\n')
           where Started().IsMatch(line) && !line.Contains("RID: ", StringComparison.Ordinal)
           select string.Join(' ', Words().Matches(Noise().Replace(line, " ")).Select(m => m.Value)),
    ];

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^    (.+?)\) target=\$1; shift", RegexOptions.Multiline)]
    private static partial Regex ShTargets();

    [GeneratedRegex(@"^    '\^(\w+)\$'", RegexOptions.Multiline)]
    private static partial Regex Ps1Target();

    [GeneratedRegex(@"^# build\.\w+ (\[OPTIONS|\w+)", RegexOptions.Multiline)]
    private static partial Regex Usage();

    [GeneratedRegex(@"build\.sh (\w+)")]
    private static partial Regex Called();

    [GeneratedRegex(@"^\s+(dotnet|Invoke-Step dotnet|python3|Invoke-Step \$python) |^\s+onnxviz prepare|'prepare'")]
    private static partial Regex Started();

    // Names of variables have other marks, options of the caller another name, the program a path.
    [GeneratedRegex(@"Invoke-Step|dotnet(?= @\(\$program)|\$program|\$python|python3|onnxviz(?= prepare)|""\$@""|\+ \$options|[@()'"",]")]
    private static partial Regex Noise();

    [GeneratedRegex(@"[^\s]+")]
    private static partial Regex Words();
}

using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What --help says, one accepted text for each verb.</summary>
public class HelpTests
{
    [Fact]
    public void Overview() => Snapshot.Verify(CliRun.Of("--help").Out);

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Of_verb(string verb) => Snapshot.Verify(CliRun.Of(verb, "--help").Out, variant: verb);

    public static TheoryData<string> Verbs => [.. VerbList.All.Select(Manual.NameOf)];
}

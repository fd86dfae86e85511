using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class CompareSnapshotTests
{
    [Theory]
    [InlineData("cat")]
    [InlineData("cat-shifted")]
    [InlineData("cat-jpeg90")]
    public void Verdict(string other) => Snapshot.Verify(
        CliRun.Of("compare", Repository.Fixture("imaging/compare/cat.png"), Repository.Fixture($"imaging/compare/{other}.png")).Out,
        variant: other);
}

using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>Few steps: RoundingTests shows that rounding does not move these pictures.</summary>
public class InvertSnapshotTests
{
    [Fact]
    public void Strip_of_layers() => Snapshot.Verify(CliRun.Picture(RoundingCases.Invert));
}

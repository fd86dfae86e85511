using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Invert;

/// <summary>Few steps: RoundingTests shows that rounding does not move these pictures.</summary>
public class InvertSnapshotTests
{
    [Fact]
    public void Strip_of_layers() => Snapshot.Verify(CliRun.Picture(RoundingCases.Invert));
}

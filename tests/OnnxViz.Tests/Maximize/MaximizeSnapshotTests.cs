using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>Few smooth steps: RoundingTests shows that rounding does not move these pictures.</summary>
public class MaximizeSnapshotTests
{
    [Theory]
    [InlineData("fourier")]
    [InlineData("pixel")]
    [InlineData("tensor")]
    [InlineData("class")]
    [InlineData("laplacian")]
    [InlineData("maco")]
    [InlineData("octaves")]
    public void Few_steps(string variant) => Snapshot.Verify(CliRun.Picture(RoundingCases.Maximize[variant]), variant);
}

using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class SaliencySnapshotTests
{
    [Theory]
    [InlineData("gradient")]
    [InlineData("input-x-gradient")]
    [InlineData("guided")]
    [InlineData("deconv")]
    public void Of_a_unit(string method) => Snapshot.Verify(CliRun.Picture([.. RoundingCases.Unit, "--method", method]), variant: method);

    [Theory]
    [InlineData("gradient")]
    [InlineData("guided")]
    public void Of_the_class_seen(string method) => Snapshot.Verify(CliRun.Picture([.. RoundingCases.Class, "--method", method]), variant: method);
}

using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Saliency;

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

    /// <summary>Several units by several methods, one table; the network is shallow enough for every processor to agree.</summary>
    [Fact]
    public void Of_units_by_methods() => Snapshot.Verify(CliRun.Picture(
        [.. RoundingCases.Unit[..^1], "63,100", "--methods", "gradient,layer-cam,guided-grad-cam,occlusion", "--window", "48", "--stride", "24"]));

    [Fact]
    public void Of_a_unit_by_layer_cam() => Snapshot.Verify(CliRun.Picture([.. RoundingCases.Unit, "--method", "layer-cam"]));
}

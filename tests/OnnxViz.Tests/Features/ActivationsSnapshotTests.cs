using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Features;

public class ActivationsSnapshotTests
{
    private static string Cat => Repository.Carried("images/chelsea.png");

    [Fact]
    public void Strongest_maps() => Snapshot.Verify(
        CliRun.Picture("activations", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "relu2_2", "--count", "12"));

    [Fact]
    public void Given_maps_of_two_layers() => Snapshot.Verify(
        CliRun.Picture("activations", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "conv1_2", "conv4_3", "--unit", "0,5,63"));

    [Fact]
    public void Of_the_classifier() => Snapshot.Verify(
        CliRun.Picture("activations", "-m", "efficientnet-lite0", "-i", Cat, "--layer", "blocks.1.act1", "--count", "6", "--columns", "3"));
}

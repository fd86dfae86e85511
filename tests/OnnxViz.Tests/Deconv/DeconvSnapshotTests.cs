using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Deconv;

public class DeconvSnapshotTests
{
    private static string Cat => Repository.Carried("images/chelsea.png");

    [Fact]
    public void Every_pool() => Snapshot.Verify(CliRun.Picture("deconv", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--top", "4"));

    [Fact]
    public void Units_of_a_layer() =>
        Snapshot.Verify(CliRun.Picture("deconv", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "relu3_3", "--unit", "84,56,7"));

    [Fact]
    public void Random_maps_of_a_layer_and_their_projections() =>
        Snapshot.Verify(CliRun.Picture("deconv", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "pool2", "--unit", "random:3", "--maps"));

    [Fact]
    public void Whole_maps() =>
        Snapshot.Verify(CliRun.Picture("deconv", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "pool3", "--top", "2", "--whole"));
}

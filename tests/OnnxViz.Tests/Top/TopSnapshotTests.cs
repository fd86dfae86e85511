using OnnxViz.Imaging.Resample;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Top;

public class TopSnapshotTests
{
    private static string[] Pictures => ["-i", .. new[] { "chelsea.png", "coffee.png", "rocket.jpg" }.Select(p => Repository.Carried($"images/{p}"))];

    [Fact]
    public void Patches_and_projections() => Snapshot.Verify(
        CliRun.Picture(["top", .. Pictures, "--layer", "relu3_3", "--unit", "84,7", "--top", "3", "--size", "96", "--no-maximize"]));

    /// <summary>What it looks like is for the tests of `maximize`.</summary>
    [Fact]
    public void The_maximisation_stands_beside_them()
    {
        string[] command = ["top", .. Pictures, "--layer", "relu2_2", "--unit", "5", "--top", "3", "--size", "96", "--steps", "2"];
        var (with, without) = (CliRun.Picture(command), CliRun.Picture([.. command, "--no-maximize"]));
        Assert.Equal(182, with.Width - without.Width);
        var patch = ImageOps.Crop(with, 190, with.Height - 178, 84, 84);
        Assert.Equal(ImageOps.Crop(without, 8, without.Height - 178, 84, 84).Pixels, patch.Pixels);
    }
}

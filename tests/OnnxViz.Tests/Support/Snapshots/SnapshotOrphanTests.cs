using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

namespace OnnxViz.Tests.Support.Snapshots;

public class SnapshotOrphanTests
{
    [Fact]
    public void No_snapshot_is_without_a_test()
    {
        string[] orphans = [.. new SnapshotFolder(Repository.Root).Orphans(SnapshotOwners.Default)];

        Assert.True(orphans.Length == 0, "Delete these, or name them after their test:\n  " + string.Join("\n  ", orphans));
    }

    [Theory]
    [InlineData("SnapshotTests/Asks_for_one.verified.png", null)]
    [InlineData("SnapshotTests/Asks_for_two.left.verified.txt", null)]
    [InlineData("SnapshotTests/Asks_for_one.received.png", null)]
    [InlineData("SnapshotTests/Asks_for_one.difference.png", null)]
    [InlineData("NoSuchTests/Asks_for_one.verified.png", "there is no class NoSuchTests")]
    [InlineData("SnapshotTests/Gone.verified.png", "SnapshotTests has no test Gone")]
    [InlineData("SnapshotTests/Asks_for_one.verified.jpg", "not named")]
    [InlineData("SnapshotTests/Asks_for_one.png", "not named")]
    [InlineData("Loose.verified.png", "not named")]
    [InlineData("SnapshotTests/Never_accepts_by_itself.verified.png", "does not call Snapshot")]
    public void Finds_the_files_that_no_test_asks_for(string file, string? why)
    {
        using TemporaryFolder folder = new();
        folder.Write($"{SnapshotFolder.Name}/{file}", PngWriter.Encode(new Image(1, 1)));

        string[] orphans = [.. new SnapshotFolder(folder.Path).Orphans(SnapshotOwners.Default)];

        if (why is null)
        {
            Assert.Empty(orphans);
        }
        else
        {
            Assert.Contains(why, Assert.Single(orphans));
        }
    }

    [Fact]
    public void A_variant_must_be_spelled_out()
    {
        string unheard = string.Concat("un", "heard");

        string? why = SnapshotOwners.Default.WhyOrphan(nameof(SnapshotTests), nameof(SnapshotTests.Asks_for_two), unheard);

        Assert.Contains("does not spell out", why);
        Assert.Contains("has no test", Assert.Throws<InvalidOperationException>(() => Snapshot.Verify("text", test: "A_helper")).Message);
    }
}

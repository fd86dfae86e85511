using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

namespace OnnxViz.Tests.Support.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Asks_for_one() => Snapshot.Verify(Ramp(24, 16));

    [Fact]
    public void Asks_for_two() =>
        Snapshot.VerifyAll([new TextSnapshot("left", "one\ntwo"), new PictureSnapshot("right", Ramp(16, 24))]);

    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    public void Never_accepts_by_itself(string? ci)
    {
        string? before = Environment.GetEnvironmentVariable("CI");
        try
        {
            Environment.SetEnvironmentVariable("CI", ci);

            string message = Fails(new PictureSnapshot(null, Ramp(4, 4)));

            Assert.Contains("New: Snapshots/FooTests/Case.received.png", message);
            Assert.Equal(["Case.received.png"], Files());
        }
        finally
        {
            Environment.SetEnvironmentVariable("CI", before);
        }
    }

    [Fact]
    public void Accepting_is_renaming()
    {
        Fails(new PictureSnapshot(null, Ramp(4, 4)));
        File.Move(_folder["Snapshots/FooTests/Case.received.png"], _folder["Snapshots/FooTests/Case.verified.png"]);

        Passes(new PictureSnapshot(null, Ramp(4, 4)));

        Assert.Equal(["Case.verified.png"], Files());
    }

    [Fact]
    public void Shows_a_difference_and_cleans_up_when_it_is_gone()
    {
        Image accepted = Ramp(40, 30), other = Ramp(40, 30);
        other.Pixels.AsSpan(0, 900).Reverse();
        _folder.Write("Snapshots/FooTests/Case.verified.png", PngWriter.Encode(accepted));

        string message = Fails(new PictureSnapshot(null, other));

        Assert.Contains("NotEqual: Snapshots/FooTests/Case.received.png", message);
        Assert.Contains("SSIM", message);
        Assert.Equal(["Case.difference.png", "Case.received.png", "Case.verified.png"], Files());
        Assert.Equal(other.Pixels, ImageFile.Load(_folder["Snapshots/FooTests/Case.received.png"]).Pixels);
        Assert.Equal(accepted.Pixels, ImageFile.Load(_folder["Snapshots/FooTests/Case.verified.png"]).Pixels);

        Passes(new PictureSnapshot(null, accepted));
        Assert.Equal(["Case.verified.png"], Files());
    }

    [Fact]
    public void Says_the_sizes_first()
    {
        _folder.Write("Snapshots/FooTests/Case.verified.png", PngWriter.Encode(Ramp(11, 10)));

        Assert.Contains("Received: 10x10, Verified: 11x10", Fails(new PictureSnapshot(null, Ramp(10, 10))));
    }

    [Fact]
    public void One_message_lists_all()
    {
        _folder.Write("Snapshots/FooTests/Case.b.verified.txt", "same\r\ntext"u8.ToArray());
        _folder.Write("Snapshots/FooTests/Case.c.verified.txt", "one\ntwo\n"u8.ToArray());

        string message = Fails(
            new PictureSnapshot("a", Ramp(4, 4)), new TextSnapshot("b", "same\ntext\n"), new TextSnapshot("c", "one\n2\n"));

        Assert.StartsWith("2 snapshot(s) of FooTests.Case", message);
        Assert.Contains("New: Snapshots/FooTests/Case.a.received.png", message);
        Assert.Contains("NotEqual: Snapshots/FooTests/Case.c.received.txt", message);
        Assert.Contains("line 2: Received: \"2\", Verified: \"two\"", message);
        Assert.DoesNotContain("Case.b", message);
    }

    private string Fails(params SnapshotItem[] items) => Assert.Throws<SnapshotException>(() => Passes(items)).Message;

    private void Passes(params SnapshotItem[] items) => new SnapshotFolder(_folder.Path).Verify("FooTests", "Case", items);

    private IEnumerable<string> Files() =>
        Directory.GetFiles(_folder["Snapshots/FooTests"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static Image Ramp(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i / 3 % width * 255 / width))]);
}

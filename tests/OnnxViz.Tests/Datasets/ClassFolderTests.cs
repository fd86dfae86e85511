using OnnxViz.Datasets;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Datasets;

/// <summary>Folders of pictures, one for each class.</summary>
public sealed class ClassFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Classes_are_called_like_their_folders()
    {
        Fill("dogs", 10);
        Fill("Cats", 5);
        Fill("dogs/more", 5);
        using var data = Dataset.Open(_folder.Path);
        Assert.Equal(["Cats", "dogs"], data.Classes);
        Assert.Equal((16, 4), (data.Train.Count, data.Test.Count));
        Assert.Equal((1, 3), (Labels(data.Test).Count(l => l == 0), Labels(data.Test).Count(l => l == 1)));
        Assert.All(Enumerable.Range(0, data.Train.Count), i => Assert.StartsWith($"{data.Classes[data.Train.LabelOf(i)]}/", data.Train.NameOf(i), StringComparison.Ordinal));
        Assert.Contains(Names(data.Train).Concat(Names(data.Test)), n => n == "dogs/more/0.png");
        Assert.Equal((3, new PixelSize(6, 8)), (data.Train.Channels, data.Train.Size));
        Assert.Equal(Augmentation.ResizedCrop, data.Augmentation);
    }

    [Fact]
    public void Split_folders_are_taken_as_they_are()
    {
        Fill("train/a", 3);
        Fill("train/b", 3);
        Fill("val/b", 2);
        using (var data = Dataset.Open(_folder.Path))
            Assert.Equal((6, 2, "b/0.png", 1), (data.Train.Count, data.Test.Count, data.Test.NameOf(0), data.Test.LabelOf(0)));
        Fill("test/a", 1);
        using (var data = Dataset.Open(_folder.Path)) Assert.Equal("a/0.png", Assert.Single(Names(data.Test)));
        Fill("test/c", 1);
        Assert.Contains("'c'", Refused(Path.Combine("test", "c")).Replace(Path.Combine(_folder.Path, "test", "c"), "c", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_several_sizes_have_no_common_one()
    {
        Fill("a", 3);
        Fill("b", 3);
        _folder.Write("b/large.png", PngWriter.Encode(new Image(20, 10)));
        using var data = Dataset.Open(_folder.Path);
        Assert.Null(data.Train.Size);
        Assert.Throws<InvalidOperationException>(() => data.Train.Read(0, new byte[1]));
    }

    [Fact]
    public void Pictures_that_cannot_be_read_are_left_out_and_counted()
    {
        Fill("a", 3);
        Fill("b", 3);
        _folder.Write("b/no.png", "no picture"u8.ToArray());
        _folder.Write("b/none.jpg", []);
        using (var data = Dataset.Open(_folder.Path))
        {
            Assert.Equal((2, 6), (data.Skipped, data.Train.Count + data.Test.Count));
            Assert.Contains("no.png", data.FirstSkipped, StringComparison.Ordinal);
        }

        _folder.Write("c/no.png", "no picture"u8.ToArray());
        Refused(_folder["c"]);
    }

    [Theory]
    [InlineData]
    [InlineData("only")]
    public void Fewer_than_two_classes_are_refused(params string[] classes)
    {
        foreach (var name in classes) Fill(name, 2);
        _folder.Write("here.png", PngWriter.Encode(new Image(2, 2)));
        Refused("a folder of pictures for each of two classes or more");
    }

    [Fact]
    public void A_copy_is_the_same_data()
    {
        Fill("a", 2);
        Fill("b", 2);
        string before;
        using (var data = Dataset.Open(_folder.Path)) before = data.Train.Fingerprint;
        foreach (var file in Directory.GetFiles(_folder.Path, "*.png", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        using (var data = Dataset.Open(_folder.Path)) Assert.Equal(before, data.Train.Fingerprint);
        Fill("b", 3);
        using (var data = Dataset.Open(_folder.Path)) Assert.NotEqual(before, data.Train.Fingerprint);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<int> Labels(LabelledPictures pictures) => Enumerable.Range(0, pictures.Count).Select(pictures.LabelOf);

    private static IEnumerable<string> Names(LabelledPictures pictures) => Enumerable.Range(0, pictures.Count).Select(pictures.NameOf);

    private void Fill(string folder, int count)
    {
        for (var i = 0; i < count; i++) _folder.Write($"{folder}/{i}.png", PngWriter.Encode(new Image(8, 6)));
    }

    private string Refused(string said)
    {
        var e = Assert.Throws<OnnxVizException>(() => Dataset.Open(_folder.Path));
        Assert.Equal(Fault.Input, e.Fault);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        return e.Message;
    }
}

using OnnxViz.Datasets;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Datasets;

/// <summary>Every format against what tools/make_dataset_fixtures.py wrote by the formats' descriptions.</summary>
public class DatasetTests
{
    private const int Side = 28;

    [Theory]
    [InlineData("idx")]
    [InlineData("idx-gz")]
    public void Reads_IDX_files(string folder)
    {
        using var data = Dataset.Open(Repository.Fixture($"datasets/{folder}"));
        Assert.Equal((20, 10), (data.Train.Count, data.Test.Count));
        Assert.Equal((folder, 10, 1, new PixelSize(5, 4)), (data.Name, data.Classes.Count, data.Train.Channels, data.Train.Size));
        Check(data.Train, i => i, i => i % 10);
        Check(data.Test, i => i + 20, i => i % 10);
        Assert.Equal("test/00003", data.Test.NameOf(3));
        Assert.NotEqual(data.Train.Fingerprint, data.Test.Fingerprint);
    }

    [Fact]
    public void Plain_and_zipped_files_are_the_same_data()
    {
        using var plain = Dataset.Open(Repository.Fixture("datasets/idx"));
        using var zipped = Dataset.Open(Repository.Fixture("datasets/idx-gz"));
        Assert.Equal(plain.Train.Fingerprint, zipped.Train.Fingerprint);
    }

    [Fact]
    public void Reads_CIFAR_10_from_the_folder_above_as_well()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/cifar"));
        Assert.Equal(("cifar10", 10, 2, 3), (data.Name, data.Train.Count, data.Test.Count, data.Train.Channels));
        Assert.Equal("truck", data.Classes[9]);
        Check(data.Train, i => i, i => 7 * i % 10);
        Check(data.Test, i => i + 10, i => 7 * i % 10);
        Assert.Equal(Augmentation.FlipCrop, data.Augmentation);
    }

    [Fact]
    public void Reads_CIFAR_100_with_its_fine_labels()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/cifar100"));
        Assert.Equal((100, 3, 1, "thing 14"), (data.Classes.Count, data.Train.Count, data.Test.Count, data.Classes[14]));
        Check(data.Train, i => i, i => 7 * i);
        Check(data.Test, i => i + 3, i => 7 * i);
    }

    [Fact]
    public void Reads_the_digits_of_the_npm_package()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/digits"), new DatasetOptions { TestShare = 0.3 });
        Assert.Equal(("mnist", 20, 10), (data.Name, data.Train.Count, data.Test.Count));
        var rows = new byte[Side * Side];
        foreach (var split in new[] { data.Train, data.Test })
        {
            for (var i = 0; i < split.Count; i++)
            {
                split.Read(i, rows);
                var (digit, y, x) = (split.LabelOf(i), 9, 5);
                Assert.Equal((37 * digit) + (5 * y) + (3 * x) & 255, rows[(y * Side) + x]);
                Assert.Equal(0, rows[0]);
            }
        }

        // Each digit has three pictures.
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, data.Test.Count).Select(data.Test.LabelOf));
    }

    [Fact]
    public void A_split_depends_on_its_seed_only()
    {
        var options = new DatasetOptions { TestShare = 0.25 };
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? 1 : 0)];
        var (train, test) = StratifiedSplit.Of(labels, options);
        Assert.Equal(Enumerable.Range(0, 100), train.Concat(test).Order());
        Assert.Equal((19, 6), (test.Count(i => labels[i] == 0), test.Count(i => labels[i] == 1)));
        Assert.Equal(test, StratifiedSplit.Of(labels, options).Test);
        Assert.NotEqual(test, StratifiedSplit.Of(labels, options with { SplitSeed = 1 }).Test);
    }

    [Fact]
    public void An_epochs_order_is_a_permutation_of_its_own()
    {
        var first = Permutation.OfEpoch(1000, 7, 1);
        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.Equal(first, Permutation.OfEpoch(1000, 7, 1));
        Assert.NotEqual(first, Permutation.OfEpoch(1000, 7, 2));
        Assert.NotEqual(first, Permutation.OfEpoch(1000, 8, 1));
    }

    [Fact]
    public void The_carried_data_is_there_by_name()
    {
        using var data = Dataset.Open("fashion-mnist-small");
        Assert.Equal(("fashion-mnist-small", 3000, 600, "Ankle boot"), (data.Name, data.Train.Count, data.Test.Count, data.Classes[9]));
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal((300, 60), (Labels(data.Train).Count(l => l == c), Labels(data.Test).Count(l => l == c))));
        // As in the whole set, whose first picture is an ankle boot.
        Assert.Equal((9, new PixelSize(28, 28)), (data.Train.LabelOf(0), data.Train.Size!.Value));

        static IEnumerable<int> Labels(LabelledPictures pictures) => Enumerable.Range(0, pictures.Count).Select(pictures.LabelOf);
    }

    [Fact]
    public void A_name_that_is_nowhere_says_where_it_was_looked_for()
    {
        var e = Assert.Throws<OnnxVizException>(() => Dataset.Open("cifar10"));
        Assert.Equal(Fault.Input, e.Fault);
        Assert.Contains(Path.Combine("data", "cifar10"), e.Message, StringComparison.Ordinal);
        Assert.Contains("cifar-10-binary.tar.gz", e.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<OnnxVizException>(() => Dataset.Open("imagenet"));
        Assert.Contains("mnist, fashion-mnist, fashion-mnist-small, cifar10", unknown.Message, StringComparison.Ordinal);
    }

    private static void Check(LabelledPictures pictures, Func<int, int> numberOf, Func<int, int> labelOf)
    {
        var size = pictures.Size!.Value;
        var bytes = new byte[pictures.Channels * size.Height * size.Width];
        for (var i = 0; i < pictures.Count; i++)
        {
            var number = numberOf(i);
            Assert.Equal(labelOf(number), pictures.LabelOf(i));
            pictures.Read(i, bytes);
            var image = pictures.Load(i);
            for (var c = 0; c < 3; c++)
            {
                var channel = pictures.Channels == 1 ? 0 : c;
                for (var (y, x) = (0, 0); y < size.Height; (y, x) = x + 1 < size.Width ? (y, x + 1) : (y + 1, 0))
                {
                    var expected = (byte)((37 * number) + (11 * channel) + (5 * y) + (3 * x));
                    Assert.Equal(expected, bytes[(((channel * size.Height) + y) * size.Width) + x]);
                    Assert.Equal(expected, image.Pixels[image.Offset(x, y) + c]);
                }
            }
        }
    }
}

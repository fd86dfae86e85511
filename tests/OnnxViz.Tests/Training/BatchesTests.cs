using OnnxViz.Datasets;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Tests.Support;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Training;

/// <summary>Pictures of data sets as batches of a network's input.</summary>
public sealed class BatchesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, PictureConventions> Conventions => new()
    {
        { "idx", new() { Channels = 1, Mean = [0.3f], Std = [0.4f], Height = 5, Width = 4 } },
        { "idx", PictureConventions.ImageNet with { Height = 5, Width = 4 } },
        { "idx", PictureConventions.ImageNet with { Height = 7, Width = 9, ChannelsLast = true } },
        { "cifar", PictureConventions.ImageNet with { Height = 32, Width = 32, Bgr = true } },
        { "cifar", PictureConventions.ImageNet with { Height = 32, Width = 32, ChannelsLast = true, Low = -1 } },
        { "cifar", PictureConventions.ImageNet with { Height = 16, Width = 16, Fit = PictureFit.ShortSideCrop, ShortSide = 20 } },
        { "cifar", new() { Channels = 1, Mean = [0.3f], Std = [0.4f], Height = 32, Width = 32 } },
    };

    [Theory]
    [MemberData(nameof(Conventions))]
    public void A_row_is_what_every_verb_shows_the_network(string fixture, PictureConventions conventions)
    {
        using var data = Dataset.Open(Repository.Fixture($"datasets/{fixture}"));
        var rows = new PictureRows(data.Train, conventions);
        var row = new float[rows.Length];
        for (var i = 0; i < data.Train.Count; i++)
        {
            rows.Write(i, 0, row);
            Assert.Equal(conventions.ToTensor(conventions.Frame(data.Train.Load(i))).ToFloats(), row);
        }
    }

    [Fact]
    public void Batches_follow_the_order_and_leave_out_the_rest()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/idx"));
        var conventions = new PictureConventions { Channels = 1, Mean = [0.5f], Std = [0.25f], Height = 5, Width = 4 };
        var rows = new PictureRows(data.Train, conventions);
        var order = Permutation.OfEpoch(20, 5, 1);
        var batches = new Batches(data.Train, rows, 6);
        var seen = Read(batches.Whole(order, 1, 0, default));
        Assert.Equal(3, seen.Count);
        Assert.Equal(order[..18].Select(i => i % 10), seen.SelectMany(b => b.Labels));
        Assert.Equal(order[..18].SelectMany(i => Row(rows, i, 1)), seen.SelectMany(b => b.Numbers));
        Assert.Equal(seen[2].Numbers, Assert.Single(Read(batches.Whole(order, 1, 2, default))).Numbers);
        var all = Read(batches.All(default));
        Assert.Equal([6, 6, 6, 2], all.Select(b => b.Labels.Length));
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => Row(rows, i, 0)), all.SelectMany(b => b.Numbers));
    }

    [Fact]
    public void What_is_changed_depends_on_picture_epoch_and_seed_only()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/cifar"));
        var conventions = PictureConventions.ImageNet with { Height = 32, Width = 32 };
        int[] order = [.. Enumerable.Range(0, 10)];
        float[] Numbers(ulong seed, int epoch, int size, Augmentation how, int[] order) =>
            [.. Read(new Batches(data.Train, new PictureRows(data.Train, conventions, how, seed), size).Whole(order, epoch, 0, default)).SelectMany(b => b.Numbers)];
        foreach (var how in Enum.GetValues<Augmentation>())
        {
            var first = Numbers(1, 1, 5, how, order);
            Assert.Equal(first, Numbers(1, 1, 2, how, order));
            Assert.Equal(first[^3072..], Numbers(1, 1, 1, how, [9]));
            Assert.Equal(how == Augmentation.None, first.SequenceEqual(Numbers(1, 2, 5, how, order)));
            Assert.Equal(how == Augmentation.None, first.SequenceEqual(Numbers(2, 1, 5, how, order)));
        }
    }

    [Fact]
    public void An_ended_walk_leaves_nothing_running()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/idx"));
        var rows = new PictureRows(data.Train, new() { Channels = 1, Mean = [0], Std = [1], Height = 5, Width = 4 });
        var batches = new Batches(data.Train, rows, 2);
        int[] order = [.. Enumerable.Range(0, 20)];
        Assert.Equal(2, batches.Whole(order, 0, 0, default).First().Count);
        using var source = new CancellationTokenSource();
        var taken = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in batches.Whole(order, 0, 0, source.Token))
                if (++taken == 3) source.Cancel();
        });
        Assert.InRange(taken, 3, 4);
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_the_training_pictures()
    {
        using var data = Dataset.Open(Repository.Fixture("datasets/cifar"));
        var found = DatasetSurvey.Measure(data, DatasetSurvey.ConventionsFor(data, null)).Conventions;
        Assert.Equal((3, 32, 32, PictureFit.Stretch), (found.Channels, found.Height, found.Width, found.Fit));
        for (var c = 0; c < 3; c++)
        {
            var numbers = (from i in Enumerable.Range(0, 10) from y in Enumerable.Range(0, 32) from x in Enumerable.Range(0, 32) select (byte)((37 * i) + (11 * c) + (5 * y) + (3 * x)) / 255.0).ToList();
            var mean = numbers.Average();
            Assert.Equal(mean, found.Mean[c], 1e-7);
            Assert.Equal(Math.Sqrt(numbers.Average(v => (v - mean) * (v - mean))), found.Std[c], 1e-7);
        }
    }

    [SkippableFact]
    public void Fashion_MNIST_has_the_mean_and_deviation_that_are_known()
    {
        var folder = KnownDataset.FashionMnist.SystemPlaces[0];
        Skip.IfNot(Directory.Exists(folder), "Debian's dataset-fashion-mnist is not installed.");
        using var data = Dataset.Open(folder);
        Assert.Equal(("fashion-mnist", 60000, 10000, "Ankle boot"), (data.Name, data.Train.Count, data.Test.Count, data.Classes[data.Train.LabelOf(0)]));
        var found = DatasetSurvey.Measure(data, DatasetSurvey.ConventionsFor(data, null)).Conventions;
        Assert.Equal((0.2860, 0.3530), (Math.Round(found.Mean[0], 4), Math.Round(found.Std[0], 4)));
    }

    [Fact]
    public void Broken_pictures_of_a_folder_are_found_before_training()
    {
        var random = new CounterRandom(1, 1);
        Image Noise(int width)
        {
            var image = new Image(width, 30);
            for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)random.Next(256);
            return image;
        }

        foreach (var name in new[] { "train/a", "train/b", "test/a", "test/b" })
            for (var i = 0; i < 4; i++) _folder.Write($"{name}/{i}.png", PngWriter.Encode(Noise(30 + i)));
        foreach (var name in new[] { "train/a/1.png", "test/b/3.png" }) _folder.Write(name, File.ReadAllBytes(_folder[name])[..^200]);
        using var data = Dataset.Open(_folder.Path);
        var conventions = DatasetSurvey.ConventionsFor(data, new PixelSize(16, 16));
        var survey = DatasetSurvey.Measure(data, conventions);
        Assert.Equal((2, 7, 7), (survey.Data.Skipped, survey.Data.Train.Count, survey.Data.Test.Count));
        Assert.Contains("train", survey.Data.FirstSkipped, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 7), i => survey.Data.Train.Load(i));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], Enumerable.Range(0, 7).Select(survey.Data.Train.LabelOf));
        // The broken ones count for nothing: noise of 0 to 255, resized.
        Assert.All(survey.Conventions.Mean, m => Assert.Equal(0.5, m, 0.03));
        Assert.Equal(survey.Data.Train.Fingerprint, DatasetSurvey.Check(data, conventions).Data.Train.Fingerprint);
        for (var i = 0; i < 4; i++) _folder.Write($"train/a/{i}.png", File.ReadAllBytes(_folder[$"train/a/{i}.png"])[..200]);
        Assert.Contains("'a'", Assert.Throws<OnnxVizException>(() => DatasetSurvey.Measure(data, conventions)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static List<(int[] Labels, float[] Numbers)> Read(IEnumerable<Batch> batches) => [.. batches.Select(b => (b.Labels, b.Input.ToFloats()))];

    private static float[] Row(PictureRows rows, int i, int epoch)
    {
        var row = new float[rows.Length];
        rows.Write(i, epoch, row);
        return row;
    }
}

using OnnxViz.Datasets;
using OnnxViz.Evolve;
using OnnxViz.Imaging;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Shards;
using OnnxViz.Top;
using OnnxViz.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Evolve;

/// <summary>What is found, checkpoint by checkpoint.</summary>
public sealed class EvolutionTests : IDisposable
{
    private static readonly int[] Units = [4, 0, 2];

    private readonly TinyRun _run = new("epoch-0000", "step-000010", "epoch-0001", "epoch-0002");
    private readonly Dataset _data;
    private readonly EvolveOptions _options = new() { Search = new TopOptions { Top = 5, Batch = 8 }, Steps = 3 };

    public EvolutionTests() => _data = Dataset.Open(_run.Data);

    [Fact]
    public void The_strongest_pictures_are_those_that_one_by_one_are_the_strongest()
    {
        var evolution = New("whole");
        evolution.Run(Shard.Whole, new Relay<(double, string)>(_ => { }), default);
        foreach (var (checkpoint, found) in _run.Run.Models().Zip(evolution.Findings))
        {
            using var model = VisionModel.Open(checkpoint.Path);
            var expected = Enumerable.Range(0, _data.Train.Count).Select(i =>
            {
                var input = model.Conventions.ToTensor(model.Conventions.Frame(_data.Train.Load(i)));
                return FeatureMaps.Of(model, input, [model.Layers.Find("relu1")], RuntimeOptions.Default)[0].Maps.ToFloats();
            }).ToList();
            const int positions = TinyRun.Side * TinyRun.Side;
            foreach (var unit in found.Units)
            {
                var peaks = expected.ConvertAll(maps => maps.AsSpan(unit.Unit * positions, positions).ToArray().Max());
                Assert.Equal(peaks.Order().Reverse().Take(5), unit.Top.Select(e => e.Activation));
                Assert.All(unit.Top, e => Assert.Equal(peaks[e.File], e.Activation));
                Assert.All(unit.Top, e => Assert.Equal(e.Activation, expected[e.File][(unit.Unit * positions) + e.Position]));
                Assert.Equal(9, unit.Kernel!.Length);
            }

            Assert.Equal(checkpoint.Epoch is null ? ModelAccuracy.Of(model, _data.Test, RuntimeOptions.Default).Accuracy : null, found.Accuracy);
        }
    }

    [Fact]
    public void An_interrupted_run_goes_on_to_the_same_findings_and_its_share_never_falls()
    {
        var whole = New("whole");
        var shares = new List<double>();
        whole.Run(Shard.Whole, new Relay<(double Share, string)>(p => shares.Add(p.Share)), default);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 9);

        // Now in the search of the second checkpoint, now in the maximisation of the third.
        foreach (var (word, done) in new[] { ("step 10, 16 of", 1), ("epoch 1, maximisation, step 2", 2) })
        {
            using var stop = new CancellationTokenSource();
            var part = New("parts");
            Assert.ThrowsAny<OperationCanceledException>(() => part.Run(
                Shard.Whole, new Relay<(double, string Text)>(p => { if (p.Text.StartsWith(word, StringComparison.Ordinal)) stop.Cancel(); }), stop.Token));
            Assert.Equal(done, part.Done);
            Assert.Equal(done, New("parts").Done);
        }

        var texts = new List<string>();
        var last = New("parts");
        last.Run(Shard.Whole, new Relay<(double, string Text)>(p => texts.Add(p.Text)), default);
        Assert.DoesNotContain(texts, t => t.StartsWith("step 10", StringComparison.Ordinal));
        Assert.Equal(whole.Findings.Select(f => Convert.ToHexString(f.ToJson())), last.Findings.Select(f => Convert.ToHexString(f.ToJson())));
        Assert.DoesNotContain(Directory.GetFiles(_run["parts"]), f => f.EndsWith(".search.json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_goes_on_where_it_was_interrupted()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => New("s").Run(
            Shard.Whole, new Relay<(double, string Text)>(p => { if (p.Text.Contains("24 of 40", StringComparison.Ordinal)) stop.Cancel(); }), stop.Token));
        Assert.Single(Directory.GetFiles(_run["s"]), f => f.EndsWith(".search.json", StringComparison.Ordinal));
        var first = "";
        New("s").Run(Shard.Whole, new Relay<(double, string Text)>(p => first = first.Length == 0 ? p.Text : first), default);
        Assert.Equal("before training, 32 of 40 pictures", first);
    }

    [Fact]
    public void Shards_that_share_a_folder_are_together_the_whole()
    {
        var whole = New("whole");
        whole.Run(Shard.Whole, new Relay<(double, string)>(_ => { }), default);
        foreach (var (text, done) in new[] { ("2/3", 1), ("3/3", 2), ("1/3", 4) })
        {
            var part = New("shards");
            part.Run(Shard.Parse(text), new Relay<(double, string)>(_ => { }), default);
            Assert.Equal(done, New("shards").Done);
        }

        Assert.Equal(whole.Findings.Select(f => Convert.ToHexString(f.ToJson())), New("shards").Findings.Select(f => Convert.ToHexString(f.ToJson())));
    }

    [Fact]
    public void Findings_are_of_one_question_only()
    {
        New("kept").Run(Shard.Whole, new Relay<(double, string)>(_ => { }), default);
        Assert.Equal(4, New("kept").Done);
        Assert.Equal(0, New("kept", _options with { Steps = 4 }).Done);
        Assert.Equal(0, New("kept", _options with { Pictures = 20 }).Done);
        Assert.Equal(0, New("kept", _options with { Search = new TopOptions { Top = 4, Batch = 8 } }).Done);
        _run.SaveModel("epoch-0001", 0.7);
        Assert.Equal(3, New("kept").Done);
    }

    [Fact]
    public void Damaged_findings_are_named()
    {
        New("kept").Run(Shard.Whole, new Relay<(double, string)>(_ => { }), default);
        var file = Directory.GetFiles(_run["kept"], "2-*.json").Single();
        File.WriteAllText(file, File.ReadAllText(file)[..200]);
        var error = Assert.Throws<OnnxVizException>(() => New("kept"));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains(Path.GetFileName(file), error.Message);
    }

    [Fact]
    public void However_many_pictures_there_are_only_two_batches_are_held()
    {
        const int batch = 8;
        var pictures = new CountedPictures(4000);
        var most = 0;
        using var model = VisionModel.Open(_run.Run.ModelOf(0));
        var layer = model.Layers.Find("relu1");
        TopPictures.Search(model, layer, pictures, TopState.New(TopKey.Of(model, layer, Units, 5, pictures)), batch, RuntimeOptions.Default, new Relay<TopState>(s =>
        {
            if (s.Done % 400 == 0) most = Math.Max(most, pictures.Alive());
        }));
        Assert.InRange(most, 0, 3 * batch);

        var frames = new FrameCache(model.Conventions, pictures);
        var held = new List<WeakReference>();
        for (var i = 0; i < 1000; i++) held.Add(new WeakReference(frames[i]));
        GC.Collect();
        Assert.InRange(held.Count(h => h.IsAlive), FrameCache.Held - 1, FrameCache.Held + 2);
        Assert.NotNull(frames[999]);
    }

    public void Dispose()
    {
        _data.Dispose();
        _run.Dispose();
    }

    private Evolution New(string folder, EvolveOptions? options = null) => new(
        _run.Run.Models(), m => VisionModel.Open(m.Path), "relu1", Units, _data.Train, m => m.Epoch is null ? _data.Test : null, options ?? _options, 0, RuntimeOptions.Default, new FindingsFolder(_run[folder]));

    /// <summary>Pictures that come from nowhere, and a count of those that somebody still holds.</summary>
    private sealed class CountedPictures(int count) : IPictureList
    {
        private readonly List<WeakReference> _given = [];

        public int Count => count;

        public string Fingerprint => "counted";

        public string NameOf(int i) => $"{i}";

        public Image Load(int i)
        {
            var image = new Image(9, 9);
            new Random(i).NextBytes(image.Pixels);
            lock (_given) _given.Add(new WeakReference(image));
            return image;
        }

        public int Alive()
        {
            GC.Collect();
            lock (_given) return _given.Count(w => w.IsAlive);
        }
    }
}

using OnnxViz.Datasets;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runs;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Training.Loop;

public sealed class TrainerTests : IDisposable
{
    private const int StepsPerEpoch = 6;

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        Batch = 16,
        Augment = Augmentation.Crop,
        Schedule = ScheduleKind.Cosine,
        Warmup = new(3, false),
        SaveSteps = SaveSteps.Parse("1,4"),
        Seed = 7,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainerTests() => _data = TinyData.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_was_interrupted_gives_what_one_without_a_break_gives()
    {
        using (var whole = Start("whole")) Finish(whole);
        // Within the first epoch, behind its last step, and within the third.
        using (var first = Start("parts")) Interrupt(first, 3, "step-000003.npz");
        using (var second = Resume("parts")) Interrupt(second, StepsPerEpoch, "step-000006.npz");
        using (var third = Resume("parts")) Interrupt(third, (2 * StepsPerEpoch) + 5, "step-000017.npz");
        using (var rest = Resume("parts")) Finish(rest);
        var (a, b) = (new RunFolder(_folder["whole"]), new RunFolder(_folder["parts"]));
        Assert.Equal(["0", "s1", "s4", "1", "2", "3"], a.Models().Select(m => m.Name));
        Assert.Equal(a.Models().Select(m => m.Name), b.Models().Select(m => m.Name));
        Assert.All(a.Models().Zip(b.Models()), m => Assert.Equal(File.ReadAllBytes(m.First.Path), File.ReadAllBytes(m.Second.Path)));
        Assert.Equal(Timeless(a.Metrics()), Timeless(b.Metrics()));
        Assert.Equal(a.Metrics().Steps.Loss, b.Metrics().Steps.Loss);
        Assert.Equal(3 * StepsPerEpoch, a.Metrics().Steps.Loss.Count);
        var (end, other) = (NpzFile.Load(a.CheckpointOf(3)), NpzFile.Load(b.CheckpointOf(3)));
        Assert.All(end.Where(e => e.Key != "training/place"), e => Assert.Equal(e.Value.Bytes, other[e.Key].Bytes));
    }

    [Fact]
    public void Another_seed_gives_other_weights_and_the_same_one_the_same()
    {
        foreach (var (name, seed) in new[] { ("a", 1UL), ("b", 1UL), ("c", 2UL) })
        {
            using var run = Start(name, Options with { Epochs = 1, Seed = seed });
            Finish(run);
        }

        Assert.Equal(Model("a"), Model("b"));
        Assert.NotEqual(Model("a"), Model("c"));

        byte[] Model(string name) => File.ReadAllBytes(new RunFolder(_folder[name]).ModelOf(1));
    }

    [Fact]
    public void What_is_reported_is_what_the_file_answers()
    {
        using var run = Start("run", Options with { Epochs = 4, Augment = Augmentation.None, Schedule = ScheduleKind.Constant });
        Finish(run);
        Assert.InRange(run.Trainer.Metrics.Epochs[^1].TestAccuracy, 0.5, 1);
        foreach (var metrics in run.Trainer.Metrics.Epochs)
        {
            using var file = VisionModel.Open(run.Folder.ModelOf(metrics.Epoch));
            using var model = file.With(run.Network.Conventions);
            var (right, loss) = (0, 0.0);
            for (var i = 0; i < run.Data.Test.Count; i++)
            {
                var scores = model.Predict(run.Data.Test.Load(i), 10);
                if (scores[0].Class == run.Data.Test.LabelOf(i)) right++;
                loss -= Math.Log(scores.Single(s => s.Class == run.Data.Test.LabelOf(i)).Probability!.Value) / run.Data.Test.Count;
            }

            Assert.Equal((double)right / run.Data.Test.Count, metrics.TestAccuracy);
            Assert.Equal(loss, metrics.TestLoss, 1e-4);
            Assert.Equal(run.Trainer.Metrics.Steps.Loss.Skip((metrics.Epoch - 1) * StepsPerEpoch).Take(StepsPerEpoch).Average(), metrics.Loss, 1e-9);
            Assert.Equal((metrics.Epoch * StepsPerEpoch, 1e-3), (metrics.Step, metrics.LearningRate));
        }
    }

    [Fact]
    public void Epochs_may_be_raised()
    {
        using (var run = Start("run", Options with { Epochs = 1, Schedule = ScheduleKind.Constant })) Finish(run);
        var folder = new RunFolder(_folder["run"]);
        var request = TrainingRun.RequestOf(folder.Description());
        Assert.Equal(Options with { Epochs = 1, Schedule = ScheduleKind.Constant, SaveSteps = request.Options.SaveSteps }, request.Options);
        using var more = TrainingRun.Resume(folder, request with { Options = request.Options with { Epochs = 2 } }, RuntimeOptions.Default);
        Assert.False(more.Trainer.IsFinished);
        Finish(more);
        Assert.Equal([1, 2], folder.Metrics().Epochs.Select(e => e.Epoch));
        Assert.Equal("2", folder.Description().Options["epochs"]);
    }

    [Theory]
    [InlineData(1, "3")]
    [InlineData(2, "2,3")]
    [InlineData(0, "1,2,3")]
    public void So_many_checkpoints_are_kept(int keep, string left)
    {
        using var run = Start("run", Options with { KeepCheckpoints = keep, CheckpointMinutes = 1e-9 });
        Finish(run);
        Assert.Equal(left, string.Join(',', run.Folder.Checkpoints().Select(c => c.Name)));
    }

    [Fact]
    public void A_long_epoch_leaves_checkpoints_on_its_way()
    {
        using var run = Start("run", Options with { CheckpointMinutes = 1e-9 });
        var seen = new HashSet<string>();
        run.Trainer.RunEpoch(new Told(_ => seen.UnionWith(run.Folder.Checkpoints().Select(c => c.Name))));
        Assert.Equal(["s1", "s2", "s3", "s4", "s5"], seen.Order());
        Assert.Equal(["1"], run.Folder.Checkpoints().Select(c => c.Name));
    }

    [Fact]
    public void Progress_only_grows_and_the_estimate_only_shrinks()
    {
        using var run = Start("run");
        var told = new List<TrainingProgress>();
        while (!run.Trainer.IsFinished) run.Trainer.RunEpoch(new Told(told.Add));
        Assert.Equal([1, 2, 3], told.Select(t => t.Epoch).Distinct());
        foreach (var epoch in told.GroupBy(t => t.Epoch))
        {
            Assert.True(epoch.Zip(epoch.Skip(1)).All(p => p.First.Share <= p.Second.Share));
            Assert.Equal(1, epoch.Last().Share);
        }

        Assert.True(told.Zip(told.Skip(1)).All(p => p.First.Left >= p.Second.Left));
        Assert.True(told[^1].Left < TimeSpan.FromMinutes(1));
    }

    private static IEnumerable<EpochMetrics> Timeless(RunMetrics metrics) => metrics.Epochs.Select(e => e with { Seconds = 0, PicturesPerSecond = 0 });

    private static void Finish(TrainingRun run)
    {
        while (!run.Trainer.IsFinished) run.Trainer.RunEpoch();
    }

    private static void Interrupt(TrainingRun run, long step, string checkpoint)
    {
        using var stop = new CancellationTokenSource();
        var told = new Told(_ =>
        {
            if (run.Trainer.Step == step) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (!run.Trainer.IsFinished) run.Trainer.RunEpoch(told, stop.Token);
        });
        Assert.Equal(checkpoint, Path.GetFileName(run.Folder.Checkpoints()[^1].Path));
    }

    private TrainingRun Start(string name, TrainingOptions? options = null) =>
        TrainingRun.Start(new RunFolder(_folder[name]), new("small", null, null, _data, null, new(), options ?? Options), new RuntimeOptions(Device.Cpu, 1));

    private TrainingRun Resume(string name)
    {
        var folder = RunFolder.Open(_folder[name]);
        return TrainingRun.Resume(folder, TrainingRun.RequestOf(folder.Description()), new RuntimeOptions(Device.Cpu, 1));
    }

    private sealed class Told(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}

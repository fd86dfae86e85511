using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runs;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Training.Loop;

/// <summary>What can go wrong with a run, and what is left of it then.</summary>
public sealed class TrainerFailureTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { Epochs = 2, Batch = 16, SaveSteps = SaveSteps.None };

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainerFailureTests() => _data = TinyData.Write(_folder);

    private RunFolder Folder => new(_folder["run"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loss_that_is_no_number_is_said_with_its_step_and_the_checkpoint_before_it()
    {
        using (var run = Start(Options)) run.Trainer.RunEpoch();
        var before = File.ReadAllBytes(Folder.CheckpointOf(1));
        var request = TrainingRun.RequestOf(Folder.Description());
        using var resumed = TrainingRun.Resume(Folder, request with { Options = request.Options with { LearningRate = 1e18 } }, RuntimeOptions.Default);
        var refused = Assert.Throws<OnnxVizException>(() => resumed.Trainer.RunEpoch());
        Assert.Equal((Fault.Input, "LearningRate"), (refused.Fault, refused.Argument));
        Assert.Matches("^Step ([789]|1[0-2]): the loss is .* take a smaller learning rate than 1e\\+18\\. The last good checkpoint is .*epoch-0001\\.npz\\.$", refused.Message);
        Assert.Equal(before, File.ReadAllBytes(Folder.CheckpointOf(1)));
        Assert.Equal(["1"], Folder.Checkpoints().Select(c => c.Name));
        Assert.Equal(["0", "1"], Folder.Models().Select(m => m.Name));
    }

    [Theory]
    [InlineData("epoch-0002.npz")]
    [InlineData("epoch-0002.onnx")]
    [InlineData("metrics.json")]
    public void What_cannot_be_written_ends_the_run_and_leaves_the_last_good_checkpoint(string file)
    {
        using (var run = Start(Options))
        {
            run.Trainer.RunEpoch();
            // Nothing takes the place of a folder.
            File.Delete(_folder[$"run/{file}"]);
            Directory.CreateDirectory(_folder[$"run/{file}"]);
            var refused = Assert.Throws<OnnxVizException>(() => run.Trainer.RunEpoch());
            Assert.Equal(Fault.Machine, refused.Fault);
            Assert.Matches($"{file.Replace(".", "\\.")}.* The last good checkpoint is .*epoch-000[12]\\.npz\\.$", refused.Message);
        }

        Assert.DoesNotContain(Directory.GetFiles(Folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
        Directory.Delete(_folder[$"run/{file}"]);
        using var rest = Resume();
        while (!rest.Trainer.IsFinished) rest.Trainer.RunEpoch();
        Assert.Equal([1, 2], Folder.Metrics().Epochs.Select(e => e.Epoch));
    }

    [SkippableFact]
    public void A_full_disk_ends_the_run_with_a_sentence_and_what_was_there_is_whole()
    {
        using var disk = TinyDisk.Mount(_folder["disk"], megabytes: 5);
        var folder = new RunFolder(_folder["disk/run"]);
        TrainingRequest request = new("small", null, null, _data, null, new(), Options with { Epochs = 100, KeepCheckpoints = 0 });
        using (var run = TrainingRun.Start(folder, request, RuntimeOptions.Default))
        {
            var refused = Assert.Throws<OnnxVizException>(() =>
            {
                while (!run.Trainer.IsFinished) run.Trainer.RunEpoch();
            });
            Assert.Equal(Fault.Machine, refused.Fault);
            Assert.Matches("^Cannot write '.*': No space left on device\\. The last good checkpoint is .*\\.npz\\.$", refused.Message);
        }

        Assert.DoesNotContain(Directory.GetFiles(folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.All(folder.Checkpoints(), c => NpzFile.Load(c.Path));
        Assert.All(folder.Models(), m => VisionModel.Open(m.Path).Dispose());
        foreach (var old in folder.Checkpoints().SkipLast(1).Concat(folder.Models())) File.Delete(old.Path);
        using var rest = TrainingRun.Resume(folder, request, RuntimeOptions.Default);
        rest.Trainer.RunEpoch();
    }

    [Fact]
    public void A_damaged_checkpoint_is_named()
    {
        using (var run = Start(Options)) run.Trainer.RunEpoch();
        var path = Folder.CheckpointOf(1);
        var (whole, arrays) = (File.ReadAllBytes(path), NpzFile.Load(path));
        for (var length = 0; length < whole.Length; length += whole.Length / 7) Refused(whole[..length]);
        Assert.Contains("has no 'conv1_1.weight'", Without("conv1_1.weight"));
        Assert.Contains("has no 'conv1_1.weight/adam_v'", Without("conv1_1.weight/adam_v"));
        Assert.Contains("it has no 'training/place'", Without("training/place"));
        Assert.Contains("it has no 'training/step'", Without("training/step"));
        Assert.Contains("'fc2.bias' holds NaN or infinite numbers", With("fc2.bias", Tensor.Of([1f, 2, float.NaN, 4, 5, 6, 7, 8, 9, 10], 10)));
        Assert.Contains("'fc2.bias' is [9] and should be [10]", With("fc2.bias", Tensor.Of(new float[9], 9)));
        Assert.Contains("it is of a run with the seed 5, not 0", With("training/seed", Tensor.Scalar(5L)));
        Assert.Contains("2 steps do not go with epochs of 6", With("training/step", Tensor.Scalar(2L)));

        string Without(string name) => With(name, null);

        string With(string name, Tensor? tensor)
        {
            var changed = arrays.ToDictionary();
            if (tensor is null) changed.Remove(name);
            else changed[name] = tensor;
            NpzFile.Save(path, changed);
            return Refused(File.ReadAllBytes(path));
        }

        string Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            var refused = Assert.Throws<OnnxVizException>(Resume);
            Assert.Equal(Fault.Input, refused.Fault);
            Assert.Contains("epoch-0001.npz", refused.Message);
            return refused.Message;
        }
    }

    [Fact]
    public void Data_that_has_changed_is_refused()
    {
        using (var run = Start(Options)) run.Trainer.RunEpoch();
        TinyData.Write(_folder, train: 97);
        Assert.Contains("97 pictures to train on, and had 96 when the run was started", Assert.Throws<OnnxVizException>(Resume).Message);
        TinyData.Write(_folder);
        var file = _folder["tiny/t10k-images-idx3-ubyte"];
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains("the same number of pictures to test on, 30, but others", Assert.Throws<OnnxVizException>(Resume).Message);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Resume().Dispose();
    }

    [Fact]
    public void A_model_that_has_changed_is_refused()
    {
        using (var run = Start(Options)) run.Trainer.RunEpoch();
        File.Copy(Folder.ModelOf(1), _folder["source.onnx"]);
        var further = new RunFolder(_folder["further"]);
        using (var run = TrainingRun.Start(further, new(null, _folder["source.onnx"], "all", _data, null, new(), Options), RuntimeOptions.Default)) run.Trainer.RunEpoch();
        File.Copy(Folder.ModelOf(0), _folder["source.onnx"], overwrite: true);
        var refused = Assert.Throws<OnnxVizException>(() => TrainingRun.Resume(further, TrainingRun.RequestOf(further.Description()), RuntimeOptions.Default));
        Assert.Contains("source.onnx is another model than the one that the run was started from", refused.Message);
    }

    [Fact]
    public void A_batch_that_is_larger_than_the_data_is_refused()
    {
        var refused = Assert.Throws<OnnxVizException>(() => Start(Options with { Batch = 97 }));
        Assert.Equal((Fault.Argument, "Batch"), (refused.Fault, refused.Argument));
        Assert.Equal("Batch 97: tiny has 96 pictures to train on, so batches may have no more; of 12 an epoch has 8 or more.", refused.Message);
        Assert.False(Directory.Exists(Folder.Path));
    }

    private TrainingRun Start(TrainingOptions options) => TrainingRun.Start(Folder, new("small", null, null, _data, null, new(), options), RuntimeOptions.Default);

    private TrainingRun Resume() => TrainingRun.Resume(Folder, TrainingRun.RequestOf(Folder.Description()), RuntimeOptions.Default);
}

using OnnxViz.Runs;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Cli;

public sealed class TrainVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainVerbTests() => _data = TinyData.Write(_folder);

    private string Run => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_object_ends_with_the_accuracy_on_the_test_pictures()
    {
        var run = Train("--epochs", "2", "--json");
        var json = run.Json;
        Assert.Equal("test_accuracy", json.Last().Key);
        Assert.Equal([1, 2], json["epochs"]!.AsArray().Select(e => (int)e!["epoch"]!));
        Assert.Equal((double)json["epochs"]![1]!["test_accuracy"]!, (double)json["test_accuracy"]!);
        Assert.Equal(new RunFolder(Run).ModelOf(2), (string)json["model"]!);
        Assert.True(File.Exists((string)json["best_model"]!));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void People_get_a_line_for_every_epoch_and_a_folder_with_curves()
    {
        var lines = Train("--epochs", "2").Out.Split('\n');
        Assert.Equal("tiny: 96 pictures to train on in 6 steps, 30 to test on.", lines[1]);
        Assert.Matches("^epoch +loss +train +test loss +test +pictures/s +time$", lines[2]);
        Assert.Matches("^    1  [0-9. ]+ %  ", lines[3]);
        Assert.Matches("^    2  [0-9. ]+ %  ", lines[4]);
        Assert.Matches($"^Best: {Run}/@[12] with [0-9.]+ %\\. Models, metrics and curves are in {Run}\\.$", lines[5]);
        Assert.All(new[] { "run.json", "metrics.json", "curves.png", "curves.svg", "epoch-0000.onnx", "epoch-0002.onnx", "epoch-0002.npz" }, f => Assert.True(File.Exists(_folder[$"run/{f}"]), f));
    }

    [Fact]
    public void Epochs_may_be_raised()
    {
        Train("--epochs", "1", "--lr", "0.002");
        var more = CliRun.Of("train", "--resume", Run, "--epochs", "2", "--json");
        Assert.Equal(2, more.Json["epochs"]!.AsArray().Count);
        Assert.Equal(0.002, (double)more.Json["epochs"]![1]!["learning_rate"]!);
        // Nothing is left to do: the same answer again.
        Assert.Contains("All 2 epochs are done; a larger --epochs goes on.\n", CliRun.Of("train", "--resume", Run).Out);
        Assert.Equal(more.Json["test_accuracy"]!.ToString(), CliRun.Of("train", "--resume", Run, "--json").Json["test_accuracy"]!.ToString());
    }

    [Fact]
    public void Help_lists_the_architectures_that_there_are() =>
        Assert.Equal(OnnxViz.Training.Architectures.Names, OnnxViz.Cli.Verbs.Train.TrainArguments.Architectural.Split('|'));

    [Theory]
    [InlineData(2, "What is to be trained?", "--data DATA -o RUN")]
    [InlineData(2, "--arch and --from do not go together", "--arch small --from vgg16-body --data DATA -o RUN")]
    [InlineData(2, "--train-layers belongs to --from", "--arch small --train-layers all --data DATA -o RUN")]
    [InlineData(2, "--data is needed", "--arch small -o RUN")]
    [InlineData(2, "-o is needed", "--arch small --data DATA")]
    [InlineData(2, "--size huge: H or HxW in pixels", "--arch small --data DATA -o RUN --size huge")]
    [InlineData(2, "--lr 0: a number above 0 is needed", "--arch small --data DATA -o RUN --lr 0")]
    [InlineData(2, "--warmup soon: steps as 500, or epochs as 1e, is needed", "--arch small --data DATA -o RUN --warmup soon")]
    [InlineData(2, "--step-size 3 belongs to the schedule step, not to constant", "--arch small --data DATA -o RUN --step-size 3")]
    [InlineData(2, "--batch 97: tiny has 96 pictures to train on", "--arch small --data DATA -o RUN --batch 97")]
    [InlineData(2, "there are small, lenet", "--arch smal --data DATA -o RUN")]
    [InlineData(3, "There is no data 'nowhere'", "--arch small --data nowhere -o RUN")]
    [InlineData(3, "is no training run: there is no such folder", "--resume RUN")]
    [InlineData(3, "is no training run: it has no run.json", "--resume DATA")]
    [InlineData(1, "Cannot write", "--arch small --data DATA -o DATA/t10k-labels-idx1-ubyte/run")]
    public void What_makes_no_sense_is_said_in_one_line_and_leaves_nothing(int exit, string says, string args)
    {
        var run = CliRun.Of(["train", .. CommandLines.Words(args.Replace("DATA", _data).Replace("RUN", Run))]);
        Assert.Equal(exit, run.Exit);
        Assert.Contains(says, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void A_folder_with_a_run_is_not_written_over()
    {
        Train("--epochs", "1");
        var before = File.ReadAllBytes(new RunFolder(Run).ModelOf(1));
        var again = CliRun.Of("train", "--arch", "small", "--data", _data, "-o", Run, "--seed", "3");
        Assert.Equal((2, $"onnxviz: {Run} holds a training run already: go on with it by --resume {Run}, or name another folder."), (again.Exit, again.Error.Trim()));
        Assert.Equal(before, File.ReadAllBytes(new RunFolder(Run).ModelOf(1)));
        Assert.StartsWith("onnxviz: --lr belongs to a new run", CliRun.Of("train", "--resume", Run, "--lr", "1").Error);
        Assert.StartsWith("onnxviz: --seed belongs to a new run", CliRun.Of("train", "--resume", Run, "--seed", "1").Error);
        Assert.StartsWith("onnxviz: --epochs 0", CliRun.Of("train", "--resume", Run, "--epochs", "0").Error);
        Assert.StartsWith("onnxviz: -o and --resume do not go together", CliRun.Of("train", "--resume", Run, "-o", _folder["other"]).Error);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_with_3()
    {
        var run = CliRun.Of("train", "--arch", "small", "--data", _data, "-o", Run, "--device", "cpu", "--batch", "16", "--lr", "1e18");
        Assert.Equal(3, run.Exit);
        Assert.Matches("^onnxviz: Step [1-6]: the loss is .* There is no checkpoint yet \\(--lr\\)\\.$", run.Error.Trim());
    }

    private CliRun Train(params string[] args)
    {
        var run = CliRun.Of(["train", "--arch", "small", "--data", _data, "-o", Run, "--device", "cpu", "--batch", "16", "--save-steps", "none", .. args]);
        Assert.True(run.Exit == 0, run.Error);
        return run;
    }
}

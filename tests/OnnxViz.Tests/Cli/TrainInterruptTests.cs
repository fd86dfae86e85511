using System.Diagnostics;
using OnnxViz.Runs;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What ends a training in the middle, and how it goes on.</summary>
public sealed class TrainInterruptTests : IDisposable
{
    private const int Sigint = 2, Sigkill = 9, Sigterm = 15;

    private const string Epochs = "12";

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainInterruptTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        _data = TinyData.Write(_folder, train: 960);
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(Sigint, 130)]
    [InlineData(Sigterm, 143)]
    public void A_signal_ends_it_with_a_checkpoint_of_that_place(int signal, int exit)
    {
        Skip.If(signal == Sigint && InterruptTests.IgnoresSigint(), "SIGINT is ignored here.");
        using var program = Start("run", "100000");
        var folder = new RunFolder(_folder["run"]);
        Wait(program, () => File.Exists(folder.CheckpointOf(1)));
        var clock = Stopwatch.StartNew();
        program.Signal(signal);
        var ended = program.End();
        // A second, and more on a machine that does other work as well.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal((exit, "onnxviz: interrupted."), (ended.Exit, ended.Error.Trim()));
        Assert.Matches($"Stopped after step [0-9]+\\. `onnxviz train --resume {folder.Path}` goes on from there\\.\n$", ended.Out);
        var step = long.Parse(ended.Out[(ended.Out.LastIndexOf("step ", StringComparison.Ordinal) + 5)..].Split('.')[0]);
        Assert.Equal(step, folder.Checkpoints()[^1].Step);
    }

    [SkippableFact]
    public void A_run_that_is_killed_again_and_again_ends_like_one_that_is_not()
    {
        using (var whole = Start("whole", Epochs)) Assert.Equal(0, whole.End().Exit);
        var folder = new RunFolder(_folder["run"]);
        var random = new CounterRandom(1, 1);
        for (var kill = 0; kill < 6; kill++)
        {
            using var program = RunFolder.IsAt(folder.Path) ? Program("--resume", folder.Path, "--checkpoint-minutes", "0.0005") : Start("run", Epochs, "--checkpoint-minutes", "0.0005");
            var models = Directory.Exists(folder.Path) ? Directory.GetFiles(folder.Path, "*.onnx").Length : 0;
            Wait(program, () => program.HasEnded || (Directory.Exists(folder.Path) && Directory.GetFiles(folder.Path, "*.onnx").Length > models));
            Thread.Sleep(random.Next(400));
            if (program.HasEnded) break;
            program.Signal(Sigkill);
            Assert.Equal(128 + Sigkill, program.End().Exit);
        }

        using (var rest = Program("--resume", folder.Path)) Assert.Equal(0, rest.End().Exit);
        var other = new RunFolder(_folder["whole"]);
        Assert.Equal(other.Models().Select(m => m.Name), folder.Models().Select(m => m.Name));
        Assert.All(other.Models().Zip(folder.Models()), m => Assert.Equal(File.ReadAllBytes(m.First.Path), File.ReadAllBytes(m.Second.Path)));
        Assert.Equal(other.Metrics().Epochs.Select(e => (e.Epoch, e.Loss, e.TestAccuracy)), folder.Metrics().Epochs.Select(e => (e.Epoch, e.Loss, e.TestAccuracy)));
    }

    private ChildProgram Start(string run, string epochs, params string[] more) =>
        Program(["--arch", "small", "--data", _data, "-o", _folder[run], "--batch", "16", "--save-steps", "none", "--epochs", epochs, .. more]);

    private static ChildProgram Program(params string[] args) => new(["train", "--device", "cpu", "--threads", "1", .. args]);

    private static void Wait(ChildProgram program, Func<bool> until)
    {
        while (!until())
        {
            Assert.False(program.HasEnded, program.HasEnded ? program.End().Error : "");
            Thread.Sleep(10);
        }
    }
}

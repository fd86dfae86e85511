using OnnxViz.Runs;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Runs;

/// <summary>What a run's folder holds, and what its models are called.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_come_in_the_order_of_their_steps()
    {
        var run = Run(stepsPerEpoch: 150, "epoch-0002.onnx", "epoch-0000.onnx", "step-000200.onnx", "epoch-0001.onnx", "step-000001.onnx", "step-000100.onnx", "epoch-0001.npz", "step-9.onnx", "epoch-00x1.onnx");
        Assert.Equal(
            [("0", 0, 0), ("s1", 1, null), ("s100", 100, null), ("1", 150, 1), ("s200", 200, null), ("2", 300, 2)],
            run.Models().Select(m => (m.Name, m.Step, m.Epoch)));
        Assert.Equal(["1"], run.Checkpoints().Select(c => c.Name));
        Assert.Equal(run.ModelAt(200), run.Models()[4].Path);
        Assert.Equal(run.ModelOf(2), run.Models()[5].Path);
    }

    [Fact]
    public void One_process_at_a_time_trains_in_it()
    {
        var run = new RunFolder(_folder["busy"]);
        using (run.Occupy())
        {
            var e = Assert.Throws<OnnxVizException>(run.Occupy);
            Assert.Equal((Fault.Input, true), (e.Fault, e.Message.Contains("is being trained by another process", StringComparison.Ordinal)));
        }

        run.Occupy().Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Path));
        File.WriteAllText(_folder["file"], "");
        Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(new RunFolder(_folder["file"]).Occupy).Fault);
    }

    [Fact]
    public void Names_stand_for_files()
    {
        var run = Run(stepsPerEpoch: 10, "epoch-0000.onnx", "step-000005.onnx", "epoch-0001.onnx", "epoch-0002.onnx", "epoch-0003.onnx");
        RunFile.Save(run.MetricsFile, RunMetrics.New() with { Epochs = [Epoch(1, 0.7), Epoch(2, 0.9), Epoch(3, 0.9)] });
        Assert.Equal(run.ModelOf(0), RunFolder.Resolve($"{_folder.Path}/@0"));
        Assert.Equal(run.ModelAt(5), RunFolder.Resolve($"{_folder.Path}/@s5"));
        Assert.Equal(run.ModelOf(2), RunFolder.Resolve($"{_folder.Path}/@best"));
        Assert.Equal(run.ModelOf(3), RunFolder.Resolve($"{_folder.Path}//@last"));
        Assert.Null(RunFolder.Resolve("vgg16-body"));
        Assert.Null(RunFolder.Resolve($"{_folder.Path}/epoch-0001.onnx"));
    }

    [Fact]
    public void A_name_that_stands_for_nothing_is_answered_with_those_that_do()
    {
        var run = Run(stepsPerEpoch: 10, "epoch-0000.onnx", "step-000005.onnx");
        Assert.Equal($"'{run.Path}' has no model @7. There are @0, @s5, @best and @last.", Refused("@7"));
        Assert.Equal($"'{run.Path}' has finished no epoch yet, so none of its models is the best. There are @0, @s5.", Refused("@best"));
        Assert.Equal($"'{_folder["none"]}' is no training run: there is no such folder.", Refused("none/@1"));
        Directory.CreateDirectory(_folder["other"]);
        Assert.Equal($"'{_folder["other"]}' is no training run: it has no run.json.", Refused("other/@1"));
    }

    [Theory]
    [InlineData("{", "is damaged, or none that a training run writes")]
    [InlineData("null", "is damaged, or none that a training run writes")]
    [InlineData("{\"format\":1}", "is damaged, or none that a training run writes")]
    public void A_damaged_description_is_named(string json, string says)
    {
        var run = Run(stepsPerEpoch: 1);
        File.WriteAllText(run.DescriptionFile, json);
        Assert.Contains($"run.json' {says}", Assert.Throws<OnnxVizException>(run.Description).Message);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var run = Run(stepsPerEpoch: 7);
        var metrics = RunMetrics.New() with { Epochs = [Epoch(1, 0.1 + 0.2)] };
        foreach (var step in Enumerable.Range(0, 5000)) metrics.Steps.Add(1 / (step + 1.0), 0.5);
        RunFile.Save(run.MetricsFile, metrics);
        var read = run.Metrics();
        Assert.Equal(metrics.Epochs, read.Epochs);
        Assert.Equal(metrics.Steps.Loss, read.Steps.Loss);
        Assert.Equal((4, 5000 % 4, 5000 / 4), (read.Steps.Every, read.Steps.Open, read.Steps.Loss.Count));
        Assert.Equal(7, run.Description().StepsPerEpoch);
        Assert.Equal("0.5", run.Description().Options["lr"]);
    }

    [Fact]
    public void A_point_of_the_curve_is_a_mean_over_its_steps()
    {
        var curve = new LossCurve();
        foreach (var step in Enumerable.Range(0, 2048 + 3)) curve.Add(step, step % 2);
        Assert.Equal((2, 1024 + 1, 1), (curve.Every, curve.Loss.Count, curve.Open));
        Assert.Equal([0.5, 2.5, 4.5], curve.Loss.Take(3));
        Assert.All(curve.Accuracy, a => Assert.Equal(0.5, a));
        Assert.Equal(2050, curve.OpenLoss);
    }

    private static EpochMetrics Epoch(int epoch, double accuracy) => new(epoch, epoch * 10, 0.5, 0.5, 0.5, accuracy, 1e-3, 1, 1);

    private RunFolder Run(int stepsPerEpoch, params string[] files)
    {
        foreach (var file in files) _folder.Write(file, []);
        var run = new RunFolder(_folder.Path);
        var split = new RunSplit(1, "a");
        RunFile.Save(run.DescriptionFile, new RunDescription(
            1, "test", "1", new("small", null, null, null), new("data", "data", split, split), ["a", "b"], stepsPerEpoch, new Dictionary<string, string> { ["lr"] = "0.5" }));
        return run;
    }

    private string Refused(string name) => Assert.Throws<OnnxVizException>(() => RunFolder.Resolve(_folder[name])).Message;
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Options;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Training;

/// <summary>Fifty steps beside PyTorch's float64, from the same weights, batches and masks (tools/make_training_fixtures.py).</summary>
public class TrainingStepTests
{
    private const int Steps = 50;
    private const int Batch = 8;
    private const int Classes = 5;

    [Theory]
    [InlineData("sgd", 0.05, "optimizer=sgd weight-decay=5e-4 label-smoothing=0.1")]
    [InlineData("adam", 1e-2, "optimizer=adam weight-decay=1e-4")]
    [InlineData("adamw", 1e-2, "optimizer=adamw weight-decay=1e-2")]
    public void Weights_and_losses_are_those_of_PyTorch(string name, double learningRate, string recipe)
    {
        var options = OptionTable.With(new TrainingRecipe(), recipe.Split(' ').Select(o => (o.Split('=')[0], o.Split('=')[1])));
        var network = Network();
        var graph = new TrainingGraph(network, options, Batch);
        using var session = new Session(graph.Build(), RuntimeOptions.Default);
        using var loop = new StepLoop(session, graph.States, new Dictionary<string, long[]> { [TrainingGraph.Loss] = [], [TrainingGraph.Correct] = [] }, inPlace: true);
        var losses = new double[Steps];
        for (var step = 0; step < Steps; step++)
        {
            int[] labels = [.. Enumerable.Range(step, Batch).Select(i => i * 7 % Classes)];
            loop.Set(TrainingGraph.Image, Pictures(step, labels));
            loop.Set(TrainingGraph.Targets, CrossEntropy.Targets(labels, Classes, options.LabelSmoothing));
            loop.Set(graph.Masks.Single().Input, Tensor.Of(Uniform(1000 + step, Batch * 96).Select(u => u < 0 ? 2f : 0).ToArray(), Batch, 96));
            graph.Schedule(loop, learningRate, step + 1);
            loop.Step();
            losses[step] = loop.Reported(TrainingGraph.Loss)[0];
        }

        Near.Each("loss", NpyFile.Load(Repository.Fixture($"training/{name}.loss.npy")).ToDoubles(), losses, 1e-5);
        var expected = NpyFile.Load(Repository.Fixture($"training/{name}.npy")).ToDoubles().AsSpan();
        foreach (var parameter in network.Parameters)
        {
            var found = loop.State(parameter.Name).ToDoubles();
            var right = expected[..found.Length].ToArray();
            var error = Math.Sqrt(found.Zip(right, (f, r) => (f - r) * (f - r)).Sum() / right.Sum(r => r * r));
            Assert.True(error < 1e-4, $"{parameter.Name} is off by {error:e1}.");
            expected = expected[found.Length..];
        }

        Assert.Equal(0, expected.Length);
    }

    [Fact]
    public void Training_learns_and_the_saved_model_has_what_it_learned()
    {
        var network = Network();
        using var session = new TrainingSession(network, new TrainingRecipe { Dropout = 0 }, Batch, 0, RuntimeOptions.Default);
        int[] labels = [.. Enumerable.Range(0, Batch).Select(i => i % Classes)];
        var first = session.Step(Pictures(0, labels), labels, 1e-2);
        StepResult last = default;
        for (var i = 0; i < 60; i++) last = session.Step(Pictures(0, labels), labels, 1e-2);
        Assert.True(last.Loss < 0.1 * first.Loss, $"{first.Loss} became {last.Loss}.");
        Assert.Equal(Batch, last.Correct);

        using var folder = new TemporaryFolder();
        network.Save(folder["trained.onnx"], session.Weights(), new Dictionary<string, string> { ["a"] = "b" });
        using var model = OnnxFile.Load(folder["trained.onnx"]);
        Assert.Equal("b", model.Metadata["a"]);
        var conv = model.Graph.Nodes.Find(n => n.Name == "conv1")!;
        Assert.Equal(session.Weights()["conv1.weight"].ToFloats(), conv.Inputs[1]!.Constant!.ToFloats());
        var mean = model.Graph.Nodes.Find(n => n.Name == "bn1")!.Inputs[3]!.Constant!.ToFloats();
        Assert.All(mean, m => Assert.NotEqual(0, m));
    }

    [Fact]
    public void A_session_goes_on_from_a_kept_state_as_if_it_had_not_stopped()
    {
        int[] labels = [.. Enumerable.Range(0, Batch).Select(i => i % Classes)];
        using var whole = new TrainingSession(Network(), new TrainingRecipe(), Batch, 3, RuntimeOptions.Default);
        for (var i = 0; i < 3; i++) whole.Step(Pictures(i, labels), labels, 1e-2);
        var kept = whole.State().ToDictionary(s => s.Key, s => Tensor.Of(s.Value.ToFloats(), s.Value.Dims));
        for (var i = 3; i < 6; i++) whole.Step(Pictures(i, labels), labels, 1e-2);

        using var second = new TrainingSession(Network(), new TrainingRecipe(), Batch, 3, RuntimeOptions.Default);
        second.Restore(kept, 3);
        for (var i = 3; i < 6; i++) second.Step(Pictures(i, labels), labels, 1e-2);
        Assert.Equal(6, second.Steps);
        foreach (var (name, tensor) in whole.State()) Assert.Equal(tensor.Bytes, second.State()[name].Bytes);
    }

    [Fact]
    public void Weights_that_run_away_are_said_at_once()
    {
        int[] labels = [.. Enumerable.Range(0, Batch).Select(i => i % Classes)];
        using var session = new TrainingSession(Network(), new TrainingRecipe { Optimizer = TrainingOptimizer.Sgd }, Batch, 0, RuntimeOptions.Default);
        var error = Assert.Throws<OnnxVizException>(() =>
        {
            for (var i = 0; i < 20; i++) session.Step(Pictures(i, labels), labels, 1e20);
        });
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Matches("^Step [0-9]+: the loss is .*smaller learning rate", error.Message);
    }

    [Fact]
    public void A_state_of_another_optimiser_or_network_is_refused()
    {
        using var session = new TrainingSession(Network(), new TrainingRecipe(), Batch, 0, RuntimeOptions.Default);
        var error = Assert.Throws<OnnxVizException>(() => session.Restore(session.Weights(), 1));
        Assert.Contains("adam", error.Message, StringComparison.Ordinal);
        var state = session.State().ToDictionary();
        state["conv1.weight"] = Tensor.Of(new float[4], 4);
        Assert.Contains("[4]", Assert.Throws<OnnxVizException>(() => session.Restore(state, 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>The script's network with the script's weights.</summary>
    private static TrainableNetwork Network()
    {
        var conventions = new PictureConventions { Channels = 2, Height = 8, Width = 8, Mean = [0, 0], Std = [1, 1] };
        var draft = new NetworkDraft("tiny", conventions, Classes, 0);
        draft.Conv("conv1", 4, 3, pad: 1, bias: false).BatchNorm("bn1").Relu().MaxPool("pool1", 2);
        var network = draft.Conv("conv2", 6, 3, pad: 1).Relu().Flatten().Dropout("drop3", 0.5f).Scores("fc3");
        var stream = 0;
        foreach (var p in network.Parameters.Where(p => !p.IsBuffer))
        {
            var one = stream == 1 ? 1 : 0;
            p.Value.Constant = Tensor.Of(Uniform(stream++, p.Count).Select(u => (float)((u * 0.6) + one)).ToArray(), p.Dims);
        }

        return new TrainableNetwork(network.Name, network.Graph, network.Input, network.Scores, conventions, network.Parameters);
    }

    private static Tensor Pictures(int step, int[] labels)
    {
        var numbers = Uniform(100 + step, Batch * 128);
        return Tensor.Of(numbers.Select((u, i) => (float)(u + ((double)labels[i / 128] / Classes))).ToArray(), Batch, 2, 8, 8);
    }

    private static double[] Uniform(int stream, long count)
    {
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (((((ulong)i + ((ulong)stream * 1_000_003)) * 2654435761) & 0xFFFFFFFF) >> 8) / 16777216.0 - 0.5;
        return numbers;
    }
}

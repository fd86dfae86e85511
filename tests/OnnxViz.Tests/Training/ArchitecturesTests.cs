using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Training;

public class ArchitecturesTests
{
    public static TheoryData<string> Names => [.. Architectures.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_architecture_takes_a_step_and_is_saved(string name)
    {
        var network = Build(name, 3, 32);
        using var session = new TrainingSession(network, new TrainingRecipe(), 2, 0, RuntimeOptions.Default);
        var random = new CounterRandom(1, 0);
        var pictures = Tensor.Of(Enumerable.Range(0, 2 * 3 * 32 * 32).Select(_ => (float)random.Normal()).ToArray(), 2, 3, 32, 32);
        var result = session.Step(pictures, [1, 2], 1e-3);
        // Random weights know nothing: the loss is that of ten equal scores, give or take their spread.
        Assert.InRange(result.Loss, 1, 8);
        foreach (var p in network.Parameters.Where(p => p.Count < 100_000)) Assert.NotEqual(network.Initial[p.Name].ReadOnce(), session.Weights()[p.Name].ReadOnce());

        using var folder = new TemporaryFolder();
        network.Save(folder["net.onnx"], session.Weights(), new Dictionary<string, string>());
        using var model = VisionModel.Open(folder["net.onnx"]);
        foreach (var layer in network.Graph.Nodes.Where(n => n.OpType is "Conv" or "Gemm")) Assert.Same(model.Layers.Find(layer.Name).Producer, model.Graph.Nodes.Find(n => n.Name == layer.Name));
        using var run = new Session(model.Graph, RuntimeOptions.Default);
        Assert.Equal([2, 10], run.Run(new Dictionary<string, Tensor> { ["image"] = pictures }).Values.Single().Dims);
    }

    [Fact]
    public void The_small_network_has_the_layers_and_the_weights_of_the_plan()
    {
        var network = Build("small", 1, 28);
        Assert.Equal(836_522, network.TrainedNumbers);
        Assert.Equal(
            ["conv1_1", "relu1_1", "conv1_2", "relu1_2", "pool1", "conv2_1", "relu2_1", "conv2_2", "relu2_2", "pool2", "flatten", "fc1", "relu1", "fc2"],
            network.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_of_the_right_spread()
    {
        var (a, b, c) = (Build("small", 1, 28, 3), Build("small", 1, 28, 3), Build("small", 1, 28, 4));
        Assert.Equal(a.Initial["fc1.weight"].Bytes, b.Initial["fc1.weight"].Bytes);
        Assert.NotEqual(a.Initial["fc1.weight"].Bytes, c.Initial["fc1.weight"].Bytes);
        var weights = a.Initial["fc1.weight"].ToFloats();
        Assert.All(weights, w => Assert.InRange(w, -1 / MathF.Sqrt(1568), 1 / MathF.Sqrt(1568)));
        Assert.Equal(1 / Math.Sqrt(3 * 1568), Math.Sqrt(weights.Average(w => (double)w * w)), 1e-4);
        var he = Build("vgg16-cifar", 3, 32).Initial["conv3_2.weight"].ToFloats();
        Assert.Equal(Math.Sqrt(2.0 / (256 * 9)), Math.Sqrt(he.Average(w => (double)w * w)), 1e-4);
    }

    [Fact]
    public void Pictures_that_are_too_small_and_names_that_are_unknown_are_refused()
    {
        Assert.Equal("Size", Assert.Throws<OnnxVizException>(() => Build("vgg16-cifar", 3, 16)).Argument);
        Assert.Contains("small, lenet", Assert.Throws<OnnxVizException>(() => Build("resnet", 3, 32)).Message, StringComparison.Ordinal);
    }

    private static TrainableNetwork Build(string name, int channels, int side, ulong seed = 0) => Architectures.Build(
        name,
        new PictureConventions { Channels = channels, Height = side, Width = side, Mean = new float[channels], Std = [.. Enumerable.Repeat(1f, channels)] },
        10,
        seed);
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Training;

public sealed class FineTuningTests : IDisposable
{
    private const int Batch = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("classifier", "fc1.weight fc1.bias fc2.weight fc2.bias")]
    [InlineData("conv2_*", "conv2_1.weight conv2_1.bias conv2_2.weight conv2_2.bias fc2.weight fc2.bias")]
    [InlineData("all", "conv1_1.weight conv1_1.bias conv1_2.weight conv1_2.bias conv2_1.weight conv2_1.bias conv2_2.weight conv2_2.bias fc1.weight fc1.bias fc2.weight fc2.bias")]
    public void The_chosen_layers_and_a_new_head_learn_and_the_others_stay(string layers, string trained)
    {
        using var model = Small();
        var network = FineTuning.From(model, layers, 3, 1);
        Assert.Equal(trained.Split(' '), network.Parameters.Select(p => p.Name));
        Assert.Equal(3, network.Classes);
        var after = Trained(network);
        using var before = OnnxFile.Load(_folder["small.onnx"]);
        foreach (var node in after.Graph.Nodes.Where(n => n.OpType is "Conv" or "Gemm" && n.Name != "fc2"))
        {
            var old = before.Graph.Nodes.Find(n => n.Name == node.Name)!;
            Assert.Equal(!trained.Contains($"{node.Name}.weight", StringComparison.Ordinal), old.Inputs[1]!.Constant!.Bytes.AsSpan().SequenceEqual(node.Inputs[1]!.Constant!.Bytes));
        }

        Assert.Equal([-1, 3], after.Graph.Outputs.Single().Dims!);
        after.Dispose();
    }

    [Fact]
    public void A_head_for_as_many_classes_stays()
    {
        using var model = Small();
        var head = model.Graph.Nodes.Find(n => n.Name == "fc2")!.Inputs[1]!.Constant!;
        Assert.Same(head, FineTuning.From(model, "classifier", 10, 1).Initial["fc2.weight"]);
    }

    [Theory]
    [InlineData("a product and a sum")]
    [InlineData("a weight that is turned")]
    [InlineData("weights in half precision")]
    [InlineData("a convolution, a reshape and a softmax")]
    [InlineData("a batch of one that was written down")]
    [InlineData("no head")]
    public void Heads_of_every_kind_are_made_anew(string kind)
    {
        var b = new GraphBuilder("net");
        var image = b.Input("image", ElementType.Float, kind.StartsWith("a batch", StringComparison.Ordinal) ? 1 : -1, 3, 8, 8);
        var features = b.Relu(b.Emit("Conv", [image, Weight("stem.weight", 4, 3, 3, 3)]));
        var pooled = b.Emit("GlobalAveragePool", [features]);
        b.LargestFold = 0;
        var output = kind switch
        {
            "a product and a sum" => b.Add(b.MatMul(b.Emit("Flatten", [pooled]), Weight("head.weight", 4, 7)), Weight("head.bias", 7)),
            "a weight that is turned" => b.MatMul(b.Emit("Flatten", [pooled]), b.Transpose(Weight("head.weight", 7, 4), 1, 0)),
            "weights in half precision" => b.Emit("Gemm", [b.Emit("Flatten", [pooled]), Half("head.weight", 7, 4), Half("head.bias", 7)], ("transB", 1L)),
            "a convolution, a reshape and a softmax" => b.Emit("Softmax", [b.Reshape(b.Emit("Conv", [pooled, Weight("head.weight", 7, 4, 1, 1), Weight("head.bias", 7)]), -1, 7)], ("axis", 1L)),
            "a batch of one that was written down" => b.Emit("Gemm", [b.Reshape(pooled, 1, 4), Weight("head.weight", 7, 4)], ("transB", 1L)),
            _ => features,
        };
        b.Output("out", output);
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        using var model = VisionModel.Open(_folder["net.onnx"]);
        var network = FineTuning.From(model.With(model.Conventions with { Height = 8, Width = 8 }), "classifier", 3, 1);
        Assert.Equal("head.weight", network.Parameters[0].Name);
        Trained(network, 0.1).Dispose();

        Value Weight(string name, params long[] dims) =>
            b.Constant(Tensor.Of(Numbers(dims), dims), name);

        Value Half(string name, params long[] dims) =>
            b.Cast(b.Constant(Tensor.Of(Array.ConvertAll(Numbers(dims), x => (System.Half)x), dims), name), ElementType.Float);

        static float[] Numbers(long[] dims) => [.. Enumerable.Range(0, (int)dims.Aggregate((x, y) => x * y)).Select(i => MathF.Sin(i + 1) / 2)];
    }

    /// <summary>As the carried networks store them.</summary>
    [Theory]
    [InlineData("all", 3, "stem.weight stem.bias head.weight head.bias")]
    [InlineData("stem.*", 7, "stem.weight stem.bias head.weight head.bias")]
    [InlineData("classifier", 3, "head.weight head.bias")]
    public void Weights_in_half_precision_learn_in_single(string layers, int before, string trained)
    {
        var b = new GraphBuilder("net") { LargestFold = 0 };
        var features = b.Relu(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), Half("stem.weight", 4, 3, 3, 3), Half("stem.bias", 4)]));
        b.Output("out", b.Emit("Gemm", [b.Emit("Flatten", [b.Emit("GlobalAveragePool", [features])]), Half("head.weight", before, 4), Half("head.bias", before)], ("transB", 1L)));
        OnnxFile.Save(b.Build(), _folder["half.onnx"]);
        using var model = VisionModel.Open(_folder["half.onnx"]);
        var network = FineTuning.From(model.With(model.Conventions with { Height = 8, Width = 8 }), layers, 3, 1);
        Assert.Equal(trained.Split(' '), network.Parameters.Select(p => p.Name));
        Assert.All(network.Parameters, p => Assert.Equal((ElementType.Float, ElementType.Float), (p.Value.Type, network.Initial[p.Name].Type)));
        using var after = Trained(network, 0.1);
        var conv = after.Graph.Nodes.Single(n => n.OpType == "Conv");
        // Otherwise they stay as they were, and as small.
        Assert.Equal(layers == "classifier" ? "Cast" : null, conv.Inputs[1]!.Producer?.OpType);

        Value Half(string name, params long[] dims) =>
            b.Cast(b.Constant(Tensor.Of([.. Enumerable.Range(0, (int)dims.Aggregate((x, y) => x * y)).Select(i => (System.Half)(MathF.Sin(i + 1) / 2))], dims), name), ElementType.Float);
    }

    [Fact]
    public void Layers_that_are_not_there_are_named_with_those_that_are()
    {
        using var model = Small();
        var error = Assert.Throws<OnnxVizException>(() => FineTuning.From(model, "conv9*", 3, 1));
        Assert.Equal("TrainLayers", error.Argument);
        Assert.Contains("conv1_1.weight", error.Message, StringComparison.Ordinal);
    }

    private VisionModel Small()
    {
        var conventions = new PictureConventions { Channels = 1, Height = 8, Width = 8, Mean = [0], Std = [1] };
        var network = Architectures.Build("small", conventions, 10, 0);
        network.Save(_folder["small.onnx"], network.Initial, new Dictionary<string, string>());
        return VisionModel.Open(_folder["small.onnx"]);
    }

    /// <summary>Learns one batch by heart; the saved model then gives each picture its class.</summary>
    private OnnxModel Trained(TrainableNetwork network, double learningRate = 1e-3)
    {
        var c = network.Conventions;
        var random = new CounterRandom(5, 0);
        var pictures = Tensor.Of(Enumerable.Range(0, Batch * c.Channels * 64).Select(_ => (float)random.Normal() * 2).ToArray(), c.InputDims(Batch, 8, 8));
        int[] labels = [0, 1, 2, 2, 1, 0];
        using var session = new TrainingSession(network, new TrainingRecipe(), Batch, 0, RuntimeOptions.Default);
        StepResult last = default;
        for (var i = 0; i < 3000 && (last.Correct < Batch || last.Loss > 0.05); i++) last = session.Step(pictures, labels, learningRate);
        Assert.Equal(Batch, last.Correct);
        network.Save(_folder["trained.onnx"], session.Weights(), new Dictionary<string, string>());
        var saved = OnnxFile.Load(_folder["trained.onnx"]);
        using var run = new Session(saved.Graph, RuntimeOptions.Default);
        var scores = run.Run(new Dictionary<string, Tensor> { [saved.Graph.Inputs[0].Name] = pictures }).Values.First().ToFloats();
        Assert.Equal(labels, scores.Chunk(3).Select(row => Array.IndexOf(row, row.Max())));
        return saved;
    }
}

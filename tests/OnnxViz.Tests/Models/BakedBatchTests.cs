using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>
/// Networks whose graph holds the number of pictures that they were exported with. What they say of three pictures has to be what
/// the network for one picture says of each of them alone.
/// </summary>
public sealed class BakedBatchTests : IDisposable
{
    private static readonly RuntimeOptions Cpu = RuntimeOptions.Default with { Device = Device.Cpu };

    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Kinds =>
        from kind in new[] { "view", "vanished", "resized", "scrambled", "mixed", "expanded", "zeros" }
        from batch in new[] { 1, 2, 4 }
        from isDeclared in new[] { true, false }
        select new object[] { kind, batch, isDeclared };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Three_pictures_are_explained_as_each_alone(string kind, int batch, bool isDeclared)
    {
        using var model = Load(kind, batch, isDeclared ? batch : -1);
        using var single = Load(kind, 1, 1);
        // One row is broadcast over any number.
        int? held = batch == 1 && kind is ("expanded" or "zeros") ? null : batch;
        Assert.Equal(held, ShapedModel.RowsOf(model, [1, 3, 8, 8], model.Graph.Outputs[0]));
        var input = TinyTensors.Random(ElementType.Float, new Random(5), [3, 3, 8, 8]);
        foreach (SaliencyMethod method in new SaliencyMethod[] { new Gradient(), new GradCam { Layer = "features" }, new AblationCam { Layer = "features" }, new IntegratedGradients { Steps = 6 } })
        {
            var all = model.Explain(input, method, null, Cpu);
            for (var row = 0; row < 3; row++)
            {
                var alone = single.Explain(Tensors.Rows(input, row, 1), method, null, Cpu);
                Assert.Equal(alone.Units[0], all.Units[row]);
                Assert.Equal(alone.Scores[0], all.Scores[row], 1e-5f);
                Near.Each($"{method.Word} of row {row}", alone.Attribution.ToDoubles(), Tensors.Rows(all.Attribution, row, 1).ToDoubles(), 1e-5);
            }
        }

        var scores = Classification.Scores(model, input, Cpu);
        Assert.Equal([3, 5], scores.Dims);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Several_classes_are_maximized_as_in_one_batch(int batch)
    {
        using var model = Load("view", batch, batch);
        using var open = Load("flat", 1, -1);
        var options = new MaximizeOptions { Param = ParameterKind.Tensor, Height = 8, Width = 8, Steps = 3 };
        var expected = ActivationMaximization.Run(open, open.Graph.Outputs[0], [0, 1, 3], options, Cpu);
        var found = ActivationMaximization.Run(model, model.Graph.Outputs[0], [0, 1, 3], options, Cpu);
        Assert.Equal(3, found.Count);
        foreach (var (e, f) in expected.Zip(found)) Near.Each($"unit {e.Unit}", e.Input.ToDoubles(), f.Input.ToDoubles(), 1e-5);
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("tokens")]
    [InlineData("windows")]
    public void Others_take_any_number_of_pictures(string kind)
    {
        using var model = Load(kind, 1, -1);
        Assert.Null(ShapedModel.RowsOf(model, [1, 3, 8, 8], model.Graph.Outputs[0]));
    }

    [Fact]
    public void Weights_are_there_once()
    {
        using var model = Load("view", 1, -1);
        var graph = ShapedModel.Start(model, [6, 3, 8, 8], model.Graph.Outputs[0]).Builder.Graph;
        var weights = graph.Nodes.Where(n => n.OpType == "Conv").Select(n => n.Inputs[1]);
        Assert.Equal(6, weights.Count());
        Assert.Single(weights.Distinct());
    }

    private VisionModel Load(string kind, int batch, int declared)
    {
        var path = _folder[$"{kind}{batch}{declared}.onnx"];
        var random = new Random(2);
        var b = new GraphBuilder(kind);
        var x = b.Input("image", ElementType.Float, declared, 3, 8, 8);
        var weight = b.Constant(TinyTensors.Random(ElementType.Float, random, [12, 3, 3, 3]), "weight");
        var features = b.Node("Relu", [b.Emit("Conv", [x, weight], ("pads", new long[] { 1, 1, 1, 1 }))], name: "features")[0];
        var pooled = b.Emit("AveragePool", [features], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        b.Expose("scores", Head(b, kind, pooled, batch, random));
        OnnxFile.Save(b.Build(), path);
        return VisionModel.Load(path, ModelCatalog.Open());
    }

    private static Value Head(GraphBuilder b, string kind, Value x, int batch, Random random)
    {
        switch (kind)
        {
            case "view":
                return Linear(b.Reshape(x, batch, 192), 192);
            case "flat":
                return Linear(b.Reshape(x, -1, 192), 192);
            case "vanished":
                return Linear(b.ReduceMean(b.Mul(b.Reshape(x, batch, 12, -1), b.Scalar(2)), [2], keep: false), 12);
            case "resized":
                var sizes = b.Longs(batch, 12, 8, 8);
                return Means(b.Square(b.Emit("Resize", [x, null, null, sizes], ("mode", "nearest"))));
            case "scrambled":
                var groups = b.Transpose(b.Reshape(x, batch, 3, -1, 4, 4), 0, 2, 1, 3, 4);
                return Linear(b.Reshape(b.Relu(b.Reshape(groups, -1, 12, 4, 4)), -1, 192), 192);
            case "mixed":
                return Attention(b.Reshape(b.Transpose(x, 0, 2, 3, 1), batch, -1, 12));
            case "tokens":
                return Attention(b.Reshape(b.Transpose(x, 0, 2, 3, 1), 0, -1, 12));
            case "windows":
                // [N, 2, 2, 2, 2, 12] to [4 N, 4, 12] and back, as windows of attention are.
                var windows = b.Transpose(b.Reshape(b.Transpose(x, 0, 2, 3, 1), -1, 2, 2, 2, 2, 12), 0, 1, 3, 2, 4, 5);
                var attended = b.Square(b.Reshape(windows, -1, 4, 12));
                return Linear(b.ReduceMean(b.Reshape(attended, -1, 16, 12), [1], keep: false), 12);
            case "expanded":
                return Means(b.Mul(x, b.Expand(b.Constant(TinyTensors.Random(ElementType.Float, random, [1, 12, 1, 1]), "scale"), batch, 12, 4, 4)));
            default:
                var zeros = b.Emit("ConstantOfShape", [b.Longs(batch, 12)]);
                return Linear(b.Add(b.ReduceMean(x, [2, 3], keep: false), zeros), 12);
        }

        Value Means(Value value) => Linear(b.ReduceMean(value, [2, 3], keep: false), 12);

        Value Attention(Value tokens)
        {
            var weights = b.Emit("Softmax", [b.MatMul(tokens, b.Transpose(tokens, 0, 2, 1))], ("axis", -1L));
            return Linear(b.ReduceMean(b.Reshape(b.MatMul(weights, tokens), -1, 16, 12), [1], keep: false), 12);
        }

        Value Linear(Value value, long from) => b.MatMul(value, b.Constant(TinyTensors.Random(ElementType.Float, random, [from, 5]), "classifier"));
    }
}

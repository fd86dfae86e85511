using Google.Protobuf;
using OnnxViz.Autodiff;
using OnnxViz.Coverage;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Prepare;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Models fitted to a size of picture: which sizes are taken, and whose fault it is when that fails.</summary>
public sealed class ShapedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3, 8)]
    [InlineData(1, 7)]
    public void Only_the_batch_may_differ_from_what_is_declared(long channels, long height)
    {
        var forged = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        forged.Graph.Input[0] = Forgery.Info("x", 1, 1, 8, 8);
        using var model = Load(forged);
        Assert.Contains("takes an input of [1,1,8,8]", Assert.Throws<OnnxVizException>(() => ShapedModel.Start(model, [1, channels, height, 8], model.Graph.Outputs[0])).Message);
        Assert.Equal([4, 1, 8, 8], ShapedModel.Start(model, [4, 1, 8, 8], model.Graph.Outputs[0])[model.Graph.Outputs[0]].Dims!);
    }

    [Theory]
    [InlineData(ElementType.Int16)]
    [InlineData(ElementType.UInt16)]
    public void Sixteen_bits_without_a_zero_point_are_followed(ElementType type)
    {
        var forged = Forgery.Model(
            Forgery.Node("QuantizeLinear", ["x", "s"], ["q"], Forgery.Int("output_dtype", (long)type)),
            Forgery.Node("DequantizeLinear", ["q", "s"], ["y"]));
        forged.OpsetImport[0].Version = 21;
        forged.Graph.Initializer.Add(new TensorProto { Name = "s", DataType = (int)ElementType.Float, FloatData = { 0.5f } });
        using var model = Load(forged);
        var shaped = ShapedModel.Start(model, [1, 3, 8, 8], model.Graph.Outputs[0]);
        Assert.Equal(21, shaped.Builder.Graph.Opset);
        Assert.Contains(shaped.Builder.Graph.Nodes, n => n.OpType == "QuantizeLinear" && n.Outputs[0].Type == type);
    }

    [Fact]
    public void A_fault_of_the_machine_is_no_missing_gradient()
    {
        using var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open());
        var failing = GradientRules.Default.With("failing", new Dictionary<string, GradientRule> { ["Relu"] = _ => throw OnnxVizException.Machine("The disk is full.") });
        AssertMachine(() => GradientCoverage.Of(model, [1, 3, 24, 24], [model.Graph.Outputs[0]], failing));
    }

    [Fact]
    public void A_fault_of_the_machine_is_no_node_that_cannot_be_copied()
    {
        using var model = Failing();
        AssertMachine(() => GradientCoverage.Of(model, [1, 3, 8, 8], [model.Graph.Outputs[0]], GradientRules.Default));
    }

    [Fact]
    public void A_fault_of_the_machine_is_no_layer_that_is_left_out()
    {
        using var model = Failing();
        var options = new PreparationOptions([model.Graph.Outputs[0]], [GradientRules.Default]) { LeavesOut = true };
        AssertMachine(() => Preparation.Run(model, options, _folder["prepared"]));
        Assert.Equal(["forged.onnx"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Layers_that_can_be_followed_are_found_in_one_copy()
    {
        var nodes = Enumerable.Range(0, 20).Select(i => Forgery.Node("Relu", [i == 0 ? "x" : $"v{i - 1}"], [$"v{i}"])).ToList();
        nodes.Add(new NodeProto { OpType = "Strange", Domain = "custom", Name = "strange", Input = { "v9" }, Output = { "s" } });
        nodes.Add(Forgery.Node("Add", ["s", "v19"], ["y"]));
        var forged = Forgery.Model([.. nodes]);
        forged.OpsetImport.Add(new OperatorSetIdProto { Domain = "custom", Version = 1 });
        using var model = Load(forged);
        var builders = 0;
        var shaped = PreparedLayers.Follow(model, [1, 3, 8, 8], () =>
        {
            builders++;
            return ShapedModel.NewBuilder(model);
        });
        Assert.Equal(20, shaped.Builder.Graph.Nodes.Count);
        Assert.Equal(3, builders);
    }

    private static void AssertMachine(Action action) => Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(action).Fault);

    /// <summary>A model whose file cannot be read any more when a shape in it is needed.</summary>
    private VisionModel Failing()
    {
        var forged = Forgery.Model(Forgery.Node("Reshape", ["x", "shape"], ["r"]), Forgery.Node("Relu", ["r"], ["y"]));
        forged.Graph.Initializer.Add(new TensorProto { Name = "shape", DataType = (int)ElementType.Int64, Dims = { 2 }, Int64Data = { 1, 192 } });
        var model = Load(forged);
        model.Graph.Nodes[0].Inputs[1]!.Constant = new Tensor(ElementType.Int64, [2], () => throw OnnxVizException.Machine("The disk is gone."));
        return model;
    }

    /// <summary>As a recurrence wants it: steps, pictures, features.</summary>
    [Theory]
    [InlineData("saliency", "-i", "chelsea.png")]
    [InlineData("saliency", "-i", "chelsea.png", "--method", "occlusion")]
    [InlineData("activations", "-i", "chelsea.png")]
    [InlineData("deconv", "-i", "chelsea.png")]
    [InlineData("top", "images")]
    [InlineData("maximize", "--steps", "2")]
    public void A_layer_without_a_row_for_each_picture_has_no_units(params string[] command)
    {
        var b = new GraphBuilder();
        var maps = b.Relu(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), b.Constant(Tensor.Of([.. Enumerable.Repeat(0.1f, 4 * 3 * 9)], 4, 3, 3, 3))]));
        var steps = b.Transpose(b.ReduceMean(maps, [2], keep: false), 2, 0, 1);
        steps.Name = "steps";
        b.Output("scores", b.ReduceMean(steps, [0], keep: false));
        OnnxFile.Save(b.Build(), _folder["steps.onnx"]);
        string[] unit = command[0] is "saliency" or "maximize" ? ["--unit", "0"] : [];
        var run = CliRun.Of([.. command, "-m", _folder["steps.onnx"], "--layer", "steps", "--device", "cpu", "-o", _folder["o.png"], .. unit]);
        Assert.Equal(3, run.Exit);
        Assert.Contains("'Transpose' has the shape [6,1,4]", run.Error, StringComparison.Ordinal);
        Assert.Contains("no row for each", run.Error, StringComparison.Ordinal);
    }

    private VisionModel Load(ModelProto forged) => VisionModel.Load(_folder.Write("forged.onnx", forged.ToByteArray()), ModelCatalog.Open());
}

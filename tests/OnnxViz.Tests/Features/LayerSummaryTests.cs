using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Naming;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Features;

public class LayerSummaryTests
{
    /// <summary>The totals that torchvision's documentation gives for its models: parameters, and MACs in units of 1e9.</summary>
    [Theory]
    [InlineData("alexnet", 61_100_840, 0.71)]
    [InlineData("vgg16", 138_357_544, 15.47)]
    [InlineData("vgg16-plain", 138_357_544, 15.47)]
    [InlineData("vgg11_bn-plain", 132_868_840, 7.61)]
    [InlineData("googlenet-plain", 6_624_904, 1.50)]
    [InlineData("resnet18-plain", 11_689_512, 1.81)]
    [InlineData("squeezenet1_1", 1_235_496, 0.35)]
    [InlineData("mobilenet_v2-plain", 3_504_872, 0.30)]
    public void Totals_are_torchvisions(string network, long parameters, double billionMacs)
    {
        var summary = Summary(network);
        Assert.Equal(parameters, summary.TotalParameters);
        Assert.Equal(billionMacs, summary.TotalMacs / 1e9, 0.005);
    }

    [Fact]
    public void Rows_tell_what_a_layer_delivers_holds_costs_and_sees()
    {
        var rows = Summary("vgg16").Rows.ToDictionary(r => r.Name);
        var conv = rows["conv3_1"];
        Assert.Equal("Conv", conv.Op);
        Assert.Equal([1, 256, 56, 56], conv.Shape!);
        Assert.Equal(256 * 128 * 9 + 256, conv.Parameters);
        Assert.Equal(256L * 56 * 56 * 128 * 9, conv.Macs);
        Assert.Equal(new ReceptiveField(-10, 24, 4), conv.Height);
        Assert.Equal(new ReceptiveField(-90, 212, 32), rows["pool5"].Width);
        Assert.Equal(4096L * 25088, rows["fc6"].Macs);
        Assert.Equal((0, 0), (rows["relu5_3"].Parameters, rows["relu5_3"].Macs));
    }

    [Fact]
    public void Receptive_fields_of_branches_are_the_widest()
    {
        var rows = Summary("googlenet").Rows;
        Assert.Equal(379, rows.Single(r => r.Layer.Modules.Contains("inception5b")).Height.Size);
        Assert.Equal(32, rows.Single(r => r.Layer.Modules.Contains("inception5b")).Height.Jump);
        Assert.Equal(435, Summary("resnet18").Rows.Single(r => r.Layer.Modules.Contains("layer4")).Height.Size);
    }

    [Fact]
    public void Parameters_are_weights_that_were_learned_each_counted_once()
    {
        var b = new GraphBuilder();
        var x = b.Input("image", ElementType.Float, 2, 3, 8, 8);
        x = b.Mul(x, b.Constant(Floats(1, 3, 1, 1), "std"));
        var weight = b.Constant(Floats(3, 3, 3, 3), "a.weight");
        var once = b.Emit("Conv", [x, weight]);
        var twice = b.Emit("Conv", [once, weight]);
        var normal = b.Node(
            "BatchNormalization", [twice, b.Constant(Floats(3), "s"), b.Constant(Floats(3), "b"), b.Constant(Floats(3), "m"), b.Constant(Floats(3), "v")])[0];
        var scaled = b.Mul(b.Mul(normal, b.Constant(Floats(1, 3, 1, 1), "gamma")), 2);
        b.Graph.Outputs.Add(b.Emit("Clip", [scaled, b.Scalar(0), b.Scalar(6)]));

        var summary = LayerSummary.Of(b.Graph, LayerTable.For(b.Graph));

        Assert.Equal([0, 81, 0, 6, 3, 0, 0], summary.Rows.Select(r => r.Parameters));
        Assert.Equal(81 * (2 * 6 * 6 + 2 * 4 * 4), summary.TotalMacs);
    }

    [Fact]
    public void Products_are_counted_where_they_happen()
    {
        var b = new GraphBuilder();
        var x = b.Input("image", ElementType.Float, 1, 4, 5, 5);
        x = b.Emit("Conv", [x, b.Constant(Floats(4, 1, 3, 3), "depthwise")], ("group", 4L));
        x = b.Emit("ConvTranspose", [x, b.Constant(Floats(4, 2, 2, 2), "up")], ("strides", new long[] { 2, 2 }));
        x = b.MatMul(b.Reshape(x, 1, 2, 36), b.Constant(Floats(36, 7), "w"));
        b.Graph.Outputs.Add(x);
        Assert.Equal([4 * 9 * 9, 4 * 9 * 2 * 4, 0, 2 * 7 * 36], LayerSummary.Of(b.Graph, LayerTable.For(b.Graph)).Rows.Select(r => r.Macs!.Value));
    }

    [Fact]
    public void Weights_behind_a_cast_are_counted_in_the_carried_networks()
    {
        var body = Repository.Root + "/onnx-models/vgg16-body.onnx";
        var summary = Summary(OnnxFile.Load(body).Graph, 224);
        Assert.Equal(14_714_688, summary.TotalParameters);
        Assert.Equal(15.35, summary.TotalMacs / 1e9, 0.005);
        Assert.Equal("conv5_1", summary.Rows.Single(r => r.Layer.NodeName == "conv5_1").Name);

        var lite = Summary(OnnxFile.Load(Repository.Root + "/onnx-models/efficientnet-lite0.onnx").Graph, 224);
        Assert.Equal(0.39, lite.TotalMacs / 1e9, 0.01);
        Assert.Equal("/blocks/blocks.10/Add", lite.Rows.Single(r => r.Layer.Modules.Contains("blocks.10")).Layer.NodeName);
    }

    private static LayerSummary Summary(string network) => Summary(LayerFixture.Load(network), 224);

    private static LayerSummary Summary(Graph graph, int size) =>
        LayerSummary.Of(graph, LayerTable.For(graph), LayerFixture.Specialise(graph, 1, 3, size, size));

    private static Tensor Floats(params long[] dims) =>
        Tensor.Of(Enumerable.Range(1, (int)Shapes.Count(dims)).Select(i => (float)i).ToArray(), dims);
}

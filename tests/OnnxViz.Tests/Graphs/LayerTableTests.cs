using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Naming;
using Xunit;

namespace OnnxViz.Tests.Graphs;

public class LayerTableTests
{
    private readonly GraphBuilder _b = new("toy.onnx");

    [Fact]
    public void A_layer_is_found_by_node_tensor_module_and_output_name()
    {
        var x = _b.Input("image", ElementType.Float, 1, 3, 8, 8);
        var conv = Conv(x, "stem.conv", "Conv_0");
        var relu = _b.Node("Relu", [conv], name: "act")[0];
        relu.Name = "activated";
        _b.Output("features", relu);
        var table = LayerTable.For(_b.Graph);

        Assert.Same(conv, table.Find("Conv_0"));
        Assert.Same(conv, table.Find("stem.conv"));
        Assert.Same(relu, table.Find("act"));
        Assert.Same(relu, table.Find("activated"));
        Assert.Same(_b.Graph.Outputs[0], table.Find("features"));
        Assert.Same(x, table.Find("image"));
        Assert.Equal(["stem.conv", "stem", "features/output"], table.Layers.Select(l => l.Name));
    }

    [Fact]
    public void Weights_and_shape_arithmetic_are_no_layers()
    {
        var x = _b.Input("image", ElementType.Float, Shapes.Unknown, 3, 8, 8);
        var shape = _b.Node("Shape", [x], name: "shape")[0];
        var batch = _b.Node("Gather", [shape, _b.Longs(0)], name: "batch")[0];
        var target = _b.Node("Concat", [batch, _b.Longs(-1)], new Dictionary<string, object> { ["axis"] = 0L }, name: "target")[0];
        var flat = _b.Node("Reshape", [x, target], name: "flat")[0];
        _b.Graph.Outputs.Add(flat);
        var unused = _b.Relu(flat);

        var table = LayerTable.For(_b.Graph);

        Assert.Equal([flat], table.Layers.Select(l => l.Value));
        Assert.Null(table.Of(unused));
        Assert.Throws<OnnxVizException>(() => table.Find("shape"));
    }

    [Fact]
    public void Names_are_found_behind_a_cast()
    {
        var x = _b.Input("image", ElementType.Float, 1, 3, 8, 8);
        var half = _b.Constant(Tensor.Of(new Half[4 * 3], 4, 3, 1, 1), "features.0.weight");
        var weight = _b.Node("Cast", [half], new Dictionary<string, object> { ["to"] = 1L }, name: "widen", fold: false)[0];
        var conv = _b.Node("Conv", [x, weight], name: "c")[0];
        _b.Graph.Outputs.Add(conv);

        Assert.Same(conv, LayerTable.For(_b.Graph).Find("features.0"));
    }

    [Fact]
    public void An_unknown_name_lists_the_nearest()
    {
        var x = _b.Input("image", ElementType.Float, 1, 3, 8, 8);
        foreach (var name in new[] { "conv1_1", "conv2_1", "conv5_3", "conv5_2", "conv5_1", "pool5" })
            x = _b.Node("Relu", [x], name: name)[0];
        _b.Graph.Outputs.Add(x);

        var error = Assert.Throws<OnnxVizException>(() => LayerTable.For(_b.Graph, "vgg.onnx").Find("CONV5-1"));

        Assert.Equal(Fault.Input, error.Fault);
        Assert.Equal(
            "No layer 'CONV5-1' in vgg.onnx. Nearest: conv5_1, conv5_3, conv5_2.", error.Message);
    }

    [Fact]
    public void Case_counts_only_where_it_makes_a_difference()
    {
        var x = _b.Input("image", ElementType.Float, 1, 3, 8, 8);
        var lower = _b.Node("Relu", [x], name: "mixed")[0];
        var upper = _b.Node("Relu", [lower], name: "Mixed")[0];
        var other = _b.Node("Relu", [upper], name: "Other")[0];
        _b.Graph.Outputs.Add(other);
        var table = LayerTable.For(_b.Graph);

        Assert.Same(upper, table.Find("Mixed"));
        Assert.Same(other, table.Find("OTHER"));
        var error = Assert.Throws<OnnxVizException>(() => table.Find("MIXED"));
        Assert.Equal(
            "'MIXED' is the name of 2 layers in toy.onnx. Name one of their tensors: mixed_out, Mixed_out.", error.Message);
    }

    [Fact]
    public void A_node_with_several_results_is_ambiguous_and_each_result_is_not()
    {
        var x = _b.Input("image", ElementType.Float, 1, 4, 8, 8);
        var halves = _b.Node("Split", [x, _b.Longs(2, 2)], new Dictionary<string, object> { ["axis"] = 1L }, outputs: 2, name: "split");
        _b.Graph.Outputs.Add(_b.Add(halves[0], halves[1]));
        var table = LayerTable.For(_b.Graph);

        Assert.Contains("split_out0, split_out1", Assert.Throws<OnnxVizException>(() => table.Find("split")).Message);
        Assert.Same(halves[1], table.Find("split_out1"));
    }

    [Fact]
    public void A_weight_that_two_nodes_share_names_neither()
    {
        var x = _b.Input("image", ElementType.Float, 1, 3, 8, 8);
        var weight = _b.Constant(Tensor.Of(new float[9], 3, 3, 1, 1), "shared.weight");
        var first = _b.Node("Conv", [x, weight], name: "a")[0];
        _b.Graph.Outputs.Add(_b.Node("Conv", [first, weight], name: "b")[0]);

        Assert.All(LayerTable.For(_b.Graph).Layers, l => Assert.Null(l.ModulePath));
    }

    private Value Conv(Value x, string module, string node) =>
        _b.Node("Conv", [x, _b.Constant(Tensor.Of(new float[4 * 3], 4, 3, 1, 1), $"{module}.weight")], name: node)[0];
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

public class ChainAliasesTests
{
    private const string Vgg16 =
        "conv1_1 relu1_1 conv1_2 relu1_2 pool1 conv2_1 relu2_1 conv2_2 relu2_2 pool2 "
        + "conv3_1 relu3_1 conv3_2 relu3_2 conv3_3 relu3_3 pool3 conv4_1 relu4_1 conv4_2 relu4_2 conv4_3 relu4_3 pool4 "
        + "conv5_1 relu5_1 conv5_2 relu5_2 conv5_3 relu5_3 pool5 fc6 relu6 fc7 relu7 fc8";

    [Theory]
    [InlineData("vgg16", Vgg16)]
    [InlineData("vgg16-plain", Vgg16)]
    [InlineData("alexnet", "conv1 relu1 pool1 conv2 relu2 pool2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData(
        "vgg11_bn-plain",
        "conv1_1 bn1_1 relu1_1 pool1 conv2_1 bn2_1 relu2_1 pool2 conv3_1 bn3_1 relu3_1 conv3_2 bn3_2 relu3_2 pool3 "
        + "conv4_1 bn4_1 relu4_1 conv4_2 bn4_2 relu4_2 pool4 conv5_1 bn5_1 relu5_1 conv5_2 bn5_2 relu5_2 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData("googlenet", "")]
    [InlineData("resnet18", "")]
    [InlineData("squeezenet1_1", "")]
    [InlineData("mobilenet_v2", "")]
    public void Plain_chains_get_the_names_of_Caffe(string network, string aliases)
    {
        var table = LayerTable.For(LayerFixture.Load(network));
        Assert.Equal(aliases, string.Join(' ', table.Layers.Select(l => l.Alias).OfType<string>()));
        foreach (var layer in table.Layers.Where(l => l.Alias is not null))
            Assert.Same(layer.Value, table.Find(layer.Alias!));
    }

    [Theory]
    [InlineData("conv1_1", "/features/features.0/Conv")]
    [InlineData("conv5_3", "/features/features.28/Conv")]
    [InlineData("relu5_3", "/features/features.29/Relu")]
    [InlineData("pool5", "/features/features.30/MaxPool")]
    [InlineData("fc6", "/classifier/classifier.0/Gemm")]
    [InlineData("fc8", "/classifier/classifier.6/Gemm")]
    public void An_alias_stands_for_the_result_of_its_node(string alias, string node) =>
        Assert.Equal(node, LayerTable.For(LayerFixture.Load("vgg16")).Find(alias).Producer!.Name);

    [Fact]
    public void Names_that_the_file_has_need_no_alias()
    {
        var graph = Chain(("conv1_1", "Conv"), ("a", "Relu"), ("conv1_2", "Conv"), ("pool1", "MaxPool"), ("conv2_1", "Conv"), ("p", "MaxPool"));
        var layers = LayerTable.For(graph).Layers;
        Assert.Equal([null, "relu1_1", null, null, null, "pool2"], layers.Select(l => l.Alias));
        Assert.Equal(["conv1_1", "relu1_1", "conv1_2", "pool1", "conv2_1", "pool2"], layers.Select(l => l.Name));
    }

    [Fact]
    public void Names_that_the_file_gives_to_others_leave_no_aliases()
    {
        // This file's conv2 is the third convolution.
        var graph = Chain(("conv0", "Conv"), ("p0", "MaxPool"), ("conv1", "Conv"), ("p1", "MaxPool"), ("conv2", "Conv"));
        Assert.All(LayerTable.For(graph).Layers, l => Assert.Null(l.Alias));
    }

    [Fact]
    public void Average_pooling_and_smooth_activations_are_named_alike()
    {
        var graph = Chain(("a", "Conv"), ("b", "Softplus"), ("c", "AveragePool"), ("d", "Conv"), ("e", "Softplus"), ("f", "AveragePool"));
        Assert.Equal(["conv1", "relu1", "pool1", "conv2", "relu2", "pool2"], LayerTable.For(graph).Layers.Select(l => l.Alias));
    }

    [Fact]
    public void A_chain_that_joins_has_no_aliases()
    {
        var graph = Chain(("a", "Conv"), ("b", "MaxPool"), ("c", "Conv"), ("d", "MaxPool"));
        var builder = new GraphBuilder();
        var image = builder.Input("image", ElementType.Float, 1, 3, 16, 16);
        var map = builder.Inline(graph, new Dictionary<Value, Value> { [graph.Inputs[0]] = image }, graph.Outputs);
        builder.Graph.Outputs.Add(builder.Add(map[graph.Outputs[0]], map[graph.Outputs[0]]));
        Assert.Contains(LayerTable.For(builder.Graph).Layers, l => l.Alias is not null);

        builder.Graph.Outputs.Add(builder.Relu(map[graph.Nodes[0].Outputs[0]]));
        Assert.All(LayerTable.For(builder.Graph).Layers, l => Assert.Null(l.Alias));
    }

    private static Graph Chain(params (string Name, string Op)[] nodes)
    {
        var b = new GraphBuilder();
        var x = b.Input("image", ElementType.Float, 1, 3, 16, 16);
        foreach (var (name, op) in nodes)
        {
            var pools = new Dictionary<string, object> { ["kernel_shape"] = new long[] { 2, 2 }, ["strides"] = new long[] { 2, 2 } };
            x = op == "Conv"
                ? b.Node(op, [x, b.Constant(Tensor.Of(new float[9], 3, 3, 1, 1))], name: name)[0]
                : b.Node(op, [x], op.EndsWith("Pool", StringComparison.Ordinal) ? pools : null, name: name)[0];
        }

        b.Graph.Outputs.Add(x);
        return b.Graph;
    }
}

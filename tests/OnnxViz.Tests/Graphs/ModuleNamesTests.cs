using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Naming;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Real exports: a module path means the module's output.</summary>
public class ModuleNamesTests
{
    [Theory]
    [InlineData("alexnet", "features.8", "/features/features.8/Conv")]
    [InlineData("alexnet", "features", "/features/features.12/MaxPool")]
    [InlineData("alexnet", "classifier.6", "/classifier/classifier.6/Gemm")]
    [InlineData("alexnet", "classifier", "/classifier/classifier.6/Gemm")]
    [InlineData("vgg16", "features.29", "/features/features.29/Relu")]
    [InlineData("vgg16", "features.28", "/features/features.28/Conv")]
    [InlineData("googlenet", "conv1", "/conv1/Relu")]
    [InlineData("googlenet", "conv1.conv", "/conv1/conv/Conv")]
    [InlineData("googlenet", "maxpool2", "/maxpool2/MaxPool")]
    [InlineData("googlenet", "inception4a", "/inception4a/Concat")]
    [InlineData("googlenet", "inception4a.branch2", "/inception4a/branch2/branch2.1/Relu")]
    [InlineData("googlenet", "inception5b.branch4.1", "/inception5b/branch4/branch4.1/Relu")]
    [InlineData("googlenet", "fc", "/fc/Gemm")]
    [InlineData("resnet18", "layer1.0", "/layer1/layer1.0/relu_1/Relu")]
    [InlineData("resnet18", "layer1", "/layer1/layer1.1/relu_1/Relu")]
    [InlineData("resnet18", "layer4.0.downsample", "/layer4/layer4.0/downsample/downsample.0/Conv")]
    [InlineData("resnet18", "avgpool", "/avgpool/GlobalAveragePool")]
    [InlineData("squeezenet1_1", "features.3", "/features/features.3/Concat")]
    [InlineData("squeezenet1_1", "features.3.squeeze", "/features/features.3/squeeze/Conv")]
    [InlineData("mobilenet_v2", "features.3", "/features/features.3/Add")]
    [InlineData("mobilenet_v2", "features.2", "/features/features.2/conv/conv.2/Conv")]
    [InlineData("mobilenet_v2", "features.0", "/features/features.0/features.0.2/Clip")]
    [InlineData("mobilenet_v2", "features.3.conv.1", "/features/features.3/conv/conv.1/conv.1.2/Clip")]
    public void By_scopes(string network, string module, string node) => Check(network, module, node);

    [Theory]
    [InlineData("alexnet", "features.8", "Conv_8")]
    [InlineData("alexnet", "features", "MaxPool_12")]
    [InlineData("vgg16", "features.28", "Conv_28")]
    [InlineData("vgg11_bn", "features.9", "BatchNormalization_9")]
    [InlineData("googlenet", "conv1", "Relu_2")]
    [InlineData("googlenet", "conv1.conv", "Conv_0")]
    [InlineData("googlenet", "inception3a", "Concat_30")]
    [InlineData("googlenet", "inception3a.branch1", "Relu_13")]
    [InlineData("googlenet", "inception3a.branch2", "Relu_19")]
    [InlineData("resnet18", "layer1.0", "Relu_10")]
    [InlineData("resnet18", "layer1.0.conv2", "Conv_7")]
    [InlineData("resnet18", "layer1.0.bn2", "BatchNormalization_8")]
    [InlineData("resnet18", "layer2.0", "Relu_26")]
    [InlineData("resnet18", "layer2.0.downsample", "BatchNormalization_24")]
    [InlineData("resnet18", "layer4", "Relu_65")]
    [InlineData("squeezenet1_1", "features.3", "Concat_9")]
    [InlineData("squeezenet1_1", "features.3.squeeze", "Conv_3")]
    [InlineData("mobilenet_v2", "features.3", "Add_36")]
    [InlineData("mobilenet_v2", "features.3.conv", "BatchNormalization_35")]
    [InlineData("mobilenet_v2", "features.2", "BatchNormalization_23")]
    [InlineData("mobilenet_v2", "features.0", "Clip_4")]
    public void By_parameters(string network, string module, string node) => Check($"{network}-plain", module, node);

    [Fact]
    public void A_skip_belongs_to_the_block_it_goes_around_and_to_no_part_of_it()
    {
        var b = new GraphBuilder();
        var x = Conv(b, b.Input("image", ElementType.Float, 1, 3, 8, 8), "stem");
        var inner = Conv(b, b.Relu(Conv(b, x, "block.0.0.0")), "block.0.1.0");
        b.Graph.Outputs.Add(b.Relu(b.Add(inner, x)));
        var table = LayerTable.For(b.Graph);

        Assert.Same(inner, table.Find("block.0.1"));
        Assert.Equal("Relu", table.Find("block.0").Producer!.OpType);
        Assert.Same(b.Graph.Outputs[0], table.Find("block.0"));

        static Value Conv(GraphBuilder b, Value x, string module) =>
            b.Emit("Conv", [x, b.Constant(Tensor.Of(new float[9], 3, 3, 1, 1), $"{module}.weight")]);
    }

    [Fact]
    public void A_linear_module_of_sequences_is_its_product_with_its_bias()
    {
        var b = new GraphBuilder();
        var x = b.Input("image", ElementType.Float, 1, 3, 8, 4);
        var product = b.MatMul(x, b.Constant(Tensor.Of(new float[8], 4, 2), "onnx::MatMul_7"));
        var sum = b.Add(b.Constant(Tensor.Of([1f, 2], 2), "head.fc.bias"), product);
        b.Graph.Outputs.Add(sum);
        Assert.Same(sum, LayerTable.For(b.Graph).Find("head.fc"));
    }

    [Fact]
    public void Summaries_show_the_innermost_module()
    {
        var graph = LayerFixture.Load("resnet18");
        var table = LayerTable.For(graph);
        var end = table.Of(table.Find("layer1"))!;

        Assert.Equal(["layer1.1.relu_1", "layer1.1", "layer1"], end.Modules);
        Assert.Equal("layer1.1.relu_1", end.Name);
    }

    private static void Check(string network, string module, string node)
    {
        var graph = LayerFixture.Load(network);
        Assert.Equal(node, LayerTable.For(graph).Find(module).Producer!.Name);
    }
}

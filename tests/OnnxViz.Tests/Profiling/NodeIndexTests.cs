using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Profiling;
using Xunit;

namespace OnnxViz.Tests.Profiling;

/// <summary>Names that ONNX Runtime's rewrites were seen to leave.</summary>
public sealed class NodeIndexTests
{
    private static readonly NodeIndex Index = new(Network());

    [Theory]
    [InlineData("body/conv", "Conv", "body/conv")]
    [InlineData("conv1_1_nchwc", "Conv", "body/conv")]
    // The activation is fused into the convolution, which bears its name then.
    [InlineData("relu1_1_nchwc", "Conv", "body/conv")]
    [InlineData("body/relu", "Relu", "body/relu")]
    [InlineData("pool1_nchwc", "MaxPool", "body/pool")]
    [InlineData("gradient/body/pool/Reshape_2_new_reshape", "Reshape", "gradient/body/pool/Reshape_2")]
    [InlineData("gradient/body/pool/Reshape_2/GatherSliceToSplitFusion", "Split", "gradient/body/pool/Reshape_2")]
    [InlineData("body/product/MatMulAddFusion", "Gemm", "body/product")]
    [InlineData("ReorderOutput_token_38", "ReorderOutput", null)]
    [InlineData("ReorderInput", "ReorderInput", null)]
    [InlineData("something_else", "Cast", null)]
    public void A_node_is_found_again(string name, string op, string? ours) => Assert.Equal(ours, Index.Find(name, op)?.Name);

    private static Graph Network()
    {
        var b = new GraphBuilder();
        var conv = Named(b.Node("Conv", [b.Input("x", ElementType.Float, 1, 1, 4, 4), b.Constant(Tensor.Of([1f], 1, 1, 1, 1))], name: "body/conv")[0], "conv1_1");
        var relu = Named(b.Node("Relu", [conv], name: "body/relu")[0], "relu1_1");
        var pool = Named(b.Node("MaxPool", [relu], new Dictionary<string, object> { ["kernel_shape"] = new long[] { 2, 2 } }, name: "body/pool")[0], "pool1");
        var flat = b.Node("Reshape", [pool, b.Longs(1, 9)], name: "gradient/body/pool/Reshape_2")[0];
        b.Output("y", b.Node("MatMul", [flat, b.Constant(Tensor.Of(new float[9], 9, 1))], name: "body/product")[0]);
        return b.Build();

        static Value Named(Value value, string name)
        {
            value.Name = name;
            return value;
        }
    }
}

using OnnxViz.Graphs.Inference;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>What does not fit is refused with the node, its inputs and the reason.</summary>
public class ShapeErrorTests
{
    [Theory]
    [InlineData("Conv", "[1,4,8,8] [16,3,3,3]", "", "its input has 4 channels, its weight [16,3,3,3] is for 3")]
    [InlineData("Conv", "[1,3,2,2] [16,3,3,3]", "", "does not fit into 2")]
    [InlineData("Conv", "[1,3,8] [16,3,3,3]", "", "rank")]
    [InlineData("Conv", "[1,3,8,8] [16,3,3,3] [3]", "", "bias")]
    [InlineData("Conv", "[1,3,8,8] [16,3,3,3]", "strides=[0,1]", "'strides' holds 0")]
    [InlineData("Conv", "[1,3,8,8] [16,3,3,3]", "pads=[1,1]", "'pads' has 2 numbers")]
    [InlineData("Conv", "[1,3,8,8] [16,3,3,3]", "auto_pad=SAME", "auto_pad 'SAME'")]
    [InlineData("ConvTranspose", "[1,4,8,8] [3,4,3,3]", "", "its input has 4 channels, its weight [3,4,3,3] is for 3")]
    [InlineData("MaxPool", "[1,4,8,8]", "", "kernel_shape is missing")]
    [InlineData("MaxPool", "[1,4,8]", "kernel_shape=[2,2]", "kernel_shape has 2")]
    [InlineData("Concat", "[1,3] [2,4]", "axis=1", "2 is not 1")]
    [InlineData("Concat", "[1,3] [4]", "axis=0", "rank")]
    [InlineData("Gemm", "[1,3] [4,5]", "", "3 is not 4")]
    [InlineData("Gemm", "[1,3] [3,5] [4]", "", "[1,5]")]
    [InlineData("Gemm", "[1,3,1] [3,5]", "", "no matrix")]
    [InlineData("MatMul", "[2,3] [4,5]", "", "3 is not 4")]
    [InlineData("MatMul", "[2,2,3] [3,3,5]", "", "do not broadcast")]
    [InlineData("Add", "[2] [3]", "", "do not broadcast")]
    [InlineData("PRelu", "[3] [2,3]", "", "does not broadcast to the first")]
    [InlineData("Reshape", "[2,3] i64[2]=4,2", "", "not as many elements")]
    [InlineData("Reshape", "[2,3] i64[2]=4,-1", "", "not as many elements")]
    [InlineData("Reshape", "[2,3] i64[2]=-1,-1", "", "twice")]
    [InlineData("Reshape", "[2,3] i64[3]=2,3,0", "", "not there")]
    [InlineData("Squeeze", "[2,3] i64[1]=0", "", "not of size 1")]
    [InlineData("Transpose", "[2,3]", "perm=[0,0]", "no permutation")]
    [InlineData("Flatten", "[2,3]", "axis=3", "Axis 3")]
    [InlineData("Slice", "[5] i64[1]=0 i64[1]=5 i64[1]=0 i64[1]=0", "", "step of 0")]
    [InlineData("Slice", "[5] i64[2]=0,0 i64[1]=5", "", "differ in length")]
    [InlineData("Split", "[2,7] i64[2]=3,3", "axis=1", "parts")]
    [InlineData("Pad", "[2,7] i64[4]=0,-4,0,-4", "", "size -1")]
    [InlineData("Pad", "[2,7] i64[2]=0,1", "", "2 pads")]
    [InlineData("TopK", "[2,3] i64[1]=4", "", "4 of 3")]
    [InlineData("DepthToSpace", "[1,3,2,2]", "blocksize=2", "3 channels")]
    [InlineData("Einsum", "[2,3] [4,5]", "equation=ij,jk->ik", "'j'")]
    [InlineData("BatchNormalization", "[2,3,4] [4] [3] [3] [3]", "", "4 is not 3")]
    [InlineData("Relu", "", "", "no input 0")]
    public void Refused(string op, string inputs, string attributes, string reason)
    {
        var outputs = op == "Split" ? 2 : 1;
        var error = Assert.Throws<OnnxVizException>(() => ShapeInference.Infer(TextNode.Parse(op, inputs, attributes, outputs)));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains($"{op} node 'node'", error.Message);
        Assert.Contains(reason, error.Message);
    }
}

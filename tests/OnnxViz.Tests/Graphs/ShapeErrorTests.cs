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
    [InlineData("Concat", "f64[4] f32[4]", "axis=0", "Double and Float")]
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
    [InlineData("DeformConv", "[1,4,8,8] [6,4,3,3] [1,17,8,8]", "pads=[1,1,1,1]", "channels of input 2: 17 is not 18")]
    [InlineData("DeformConv", "[1,4,8,8] [6,4,3,3] [1,18,7,8]", "pads=[1,1,1,1]", "dimension 2 of input 2: 7 is not 8")]
    [InlineData("DeformConv", "[1,4,8,8] [6,4,3,3] [1,18,8,8]", "pads=[1,1,1,1] offset_group=3", "offset_group is 3 for 4 channels")]
    [InlineData("DeformConv", "[1,4,8,8] [6,4,3,3] [1,18,8,8]", "pads=[1,1,1,1] offset_group=9223372036854775807", "offset_group is")]
    [InlineData("DeformConv", "[1,4,8,8] [6,4,3,3] [1,18,8,8] - [1,8,8,8]", "pads=[1,1,1,1]", "channels of input 4: 8 is not 9")]
    [InlineData("RoiAlign", "[1,4,8,8] [3,5] i64[3]", "", "numbers of a region: 5 is not 4")]
    [InlineData("RoiAlign", "[1,4,8,8] [3,4] i64[2]", "", "pictures against regions: 2 is not 3")]
    [InlineData("RoiAlign", "[1,4,8] [3,4] i64[3]", "", "input 0 must have 4 dimensions")]
    [InlineData("RoiAlign", "[1,4,8,8] [3,4] i64[3]", "output_height=0", "size 0x1")]
    [InlineData("MaxUnpool", "[1,2,3,3] i64[1,2,3,2]", "kernel_shape=[2,2]", "dimension 3 of the indices: 2 is not 3")]
    [InlineData("MaxUnpool", "[1,2,3,3] i64[1,2,3,3] i64[3]=1,2,7", "kernel_shape=[2,2]", "output_shape has 3 numbers")]
    [InlineData("MaxUnpool", "[1,2,3,3] i64[1,2,3,3] i64[4]=1,2,-7,6", "kernel_shape=[2,2]", "negative")]
    [InlineData("MaxUnpool", "[1,2,3,3] i64[1,2,3,3]", "", "kernel_shape is missing")]
    [InlineData("ReverseSequence", "[4,3,2] i64[4]", "", "lengths against the batch: 4 is not 3")]
    [InlineData("ReverseSequence", "[4,3,2] i64[3]", "time_axis=1", "they must be 0 and 1")]
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

using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class ShapeGradientTests
{
    [Theory]
    [InlineData("Reshape", "[2,6] i64[2]=3,4")]
    [InlineData("Reshape", "[2,6] i64[3]=0,-1,2")]
    [InlineData("Reshape", "[1] i64[0]=")]
    [InlineData("Flatten", "[2,3,4]")]
    [InlineData("Flatten", "[2,3,4]", "axis=0")]
    [InlineData("Flatten", "[2,3,4]", "axis=-1")]
    [InlineData("Squeeze", "[1,3,1,2]")]
    [InlineData("Squeeze", "[1,3,1,2] i64[1]=-2")]
    [InlineData("Unsqueeze", "[3,2] i64[2]=0,-1")]
    [InlineData("Expand", "[3,1] i64[2]=3,4")]
    [InlineData("Expand", "[3,1] i64[4]=2,5,3,4")]
    [InlineData("Expand", "[2,3] i64[1]=1")]
    [InlineData("Transpose", "[2,3,4]")]
    [InlineData("Transpose", "[2,3,4]", "perm=[2,0,1]")]
    [InlineData("Transpose", "[2,3,4,5]", "perm=[0,3,1,2]")]
    [InlineData("Concat", "[2,3] [2,1] [2,4]", "axis=1")]
    [InlineData("Concat", "[1,3] ~[2,3] [3,3]", "axis=-2")]
    [InlineData("Concat", "[2,3]", "axis=0")]
    [InlineData("Slice", "[5,6] i64[1]=1 i64[1]=4")]
    [InlineData("Slice", "[5,6] i64[2]=1,-4 i64[2]=-1,9223372036854775807")]
    [InlineData("Slice", "[5,6] i64[1]=2 i64[1]=100 i64[1]=-1")]
    [InlineData("Slice", "[5,7] i64[2]=0,1 i64[2]=5,6 i64[2]=0,1 i64[2]=2,3")]
    [InlineData("Slice", "[2,7] i64[1]=1 i64[1]=7 i64[1]=1 i64[1]=4")]
    [InlineData("Slice", "[5,6] i64[1]=-1 i64[1]=-100 i64[1]=0 i64[1]=-1")]
    [InlineData("Slice", "[5,7] i64[2]=4,100 i64[2]=0,0 i64[2]=0,1 i64[2]=-2,-3")]
    [InlineData("Slice", "[2,6] i64[1]=-2 i64[1]=-9223372036854775807 i64[1]=1 i64[1]=-2")]
    [InlineData("Pad", "[2,3] i64[4]=1,0,2,1")]
    [InlineData("Pad", "[4,5] i64[4]=-1,0,-2,1 f32=2.5")]
    [InlineData("Pad", "[2,3,4] i64[2]=1,2 - i64[1]=-2")]
    [InlineData("Gather", "[3,4] i64=1")]
    [InlineData("Gather", "[3,4] i64=-1", "axis=1")]
    [InlineData("Gather", "[3,4] i64[1]=2", "axis=-1")]
    [InlineData("Gather", "[3,4,2] i64[4]=0,2,0,-1", "axis=1")]
    [InlineData("Gather", "[3,2] i64[2,3]=0,1,2,2,2,0")]
    [InlineData("Gather", "[3,4] @i64[3]=3,-4,3", "axis=1")]
    [InlineData("Gather", "[3,4] @i64=2")]
    [InlineData("Gather", "[3,4] @i32[2]=2,-3")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("Split", "[2,7] i64[3]=2,1,4", "axis=1", 3)]
    [InlineData("Split", "[4,3]", "num_outputs=2", 2)]
    [InlineData("Split", "[2,5]", "num_outputs=3 axis=-1", 3)]
    [InlineData("Split", "[3,2] i64[1]=3", "axis=0", 1)]
    public void LinearParts(string op, string inputs, string attributes, int outputs) =>
        GradientCheck.Linear(op, inputs, attributes, outputs: outputs);

    [Fact]
    public void A_part_that_nobody_uses_has_the_gradient_zero()
    {
        var found = TinyGraph.Gradient(
            (b, x) => b.Node("Split", [x, b.Longs(2, 1, 3)], new Dictionary<string, object> { ["axis"] = 0L }, 3)[1],
            Tensor.Of([1f, 2, 3, 4, 5, 6], 6),
            [7]);
        Assert.Equal([0.0, 0, 7, 0, 0, 0], found);
    }

    [Theory]
    [InlineData("reflect")]
    [InlineData("edge")]
    public void Padding_with_the_picture_itself_is_refused(string mode)
    {
        var error = Assert.Throws<OnnxVizException>(() => GradientCheck.Linear("Pad", "[4,5] i64[4]=1,1,1,1", $"mode={mode}"));
        Assert.Equal($"No gradient rule for Pad in mode '{mode}' (node 'node').", error.Message);
    }
}

using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
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
    [InlineData("Slice", "[5,6] i64[1]=-3 i64[1]=-1 i64[1]=-1")]
    [InlineData("Slice", "[5,6] i64[1]=100 i64[1]=1 i64[1]=1 i64[1]=-1")]
    [InlineData("Slice", "[3,6] i64[2]=-1,-6 i64[2]=-100,100 i64[2]=0,-1 i64[2]=-2,5")]
    [InlineData("Slice", "[3,6] i64[1]=4 i64[1]=5 i64[1]=1 i64[1]=1000000000000")]
    [InlineData("Pad", "[3,4] i64[4]=1,2,0,1", "mode=reflect")]
    [InlineData("Pad", "[3,4] i64[4]=2,3,2,3", "mode=reflect")]
    [InlineData("Pad", "[2,3,4] i64[2]=2,1 - i64[1]=-1", "mode=reflect")]
    [InlineData("Pad", "[1,2,3,4] i64[8]=0,0,1,2,0,0,2,1", "mode=reflect")]
    [InlineData("Pad", "[3,4] i64[4]=1,2,0,5", "mode=edge")]
    [InlineData("Pad", "[1,1] i64[4]=3,2,0,5", "mode=edge")]
    [InlineData("Pad", "[2,1,3] i64[4]=2,1,2,4 - i64[2]=1,2", "mode=edge")]
    [InlineData("Pad", "[3,4] i64[4]=1,2,0,1", "mode=wrap opset=19")]
    [InlineData("Pad", "[3,4] i64[4]=3,4,3,0", "mode=wrap opset=19")]
    [InlineData("Pad", "[5,6] i64[4]=-1,2,1,-2", "mode=reflect")]
    [InlineData("Pad", "[5,6] i64[4]=-1,2,1,-2", "mode=edge")]
    [InlineData("Pad", "[5,6] i64[4]=-1,2,1,-2", "mode=wrap opset=19")]
    [InlineData("Pad", "[5,6] i64[4]=-1,-1,-2,-3", "mode=edge")]
    [InlineData("Pad", "[2,3] i64[2]=2,8 - i64[1]=1", "mode=wrap opset=19")]
    [InlineData("Pad", "[2,3] i64[2]=8,2 - i64[1]=1", "mode=wrap opset=19")]
    [InlineData("Pad", "[2,3,2] i64[2]=3,0 - i64[1]=1", "mode=wrap opset=19")]
    [InlineData("CenterCropPad", "[5,6] i64[2]=3,9")]
    [InlineData("CenterCropPad", "[5,6] i64[2]=8,3")]
    [InlineData("CenterCropPad", "[2,5,4] i64[2]=4,4", "axes=[1,-1]")]
    [InlineData("Tile", "[2,3] i64[2]=2,3")]
    [InlineData("Tile", "[2,1,3] i64[3]=1,4,1")]
    [InlineData("Tile", "[2,3] i64[2]=1,1")]
    [InlineData("DepthToSpace", "[1,8,2,3]", "blocksize=2")]
    [InlineData("DepthToSpace", "[2,18,1,2]", "blocksize=3 mode=CRD")]
    [InlineData("DepthToSpace", "[1,8,2,3]", "blocksize=2 mode=CRD")]
    [InlineData("SpaceToDepth", "[2,2,4,6]", "blocksize=2")]
    [InlineData("SpaceToDepth", "[1,1,3,6]", "blocksize=3")]
    [InlineData("CumSum", "[2,4] i64=1")]
    [InlineData("CumSum", "[4,2] i64=0", "exclusive=1")]
    [InlineData("CumSum", "[2,4] i64=-1", "reverse=1")]
    [InlineData("CumSum", "[2,4] i64[1]=1", "exclusive=1 reverse=1")]
    [InlineData("Trilu", "[3,4]")]
    [InlineData("Trilu", "[2,3,4] i64=1", "upper=1")]
    [InlineData("Trilu", "[3,4] i64=-1", "upper=0")]
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

    [Fact]
    public void A_padding_mode_that_does_not_exist_is_refused()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2);
        var y = b.Emit("Pad", [x, b.Longs(1, 1)], ("mode", "mirror"));
        var error = Assert.Throws<OnnxVizException>(() =>
            Backpropagation.Gradients(b, new Dictionary<Value, Value> { [y] = b.Constant(1) }, [x], GradientRules.Default));
        Assert.Contains("mode 'mirror'", error.Message);
    }
}

using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class PoolingGradientTests
{
    [Theory]
    [InlineData("AveragePool", "[2,3,4,6]", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("AveragePool", "[1,2,4,5]", "kernel_shape=[4,5]")]
    [InlineData("AveragePool", "[1,2,4,5]", "kernel_shape=[1,1]")]
    [InlineData("AveragePool", "[1,2,4,5]", "kernel_shape=[1,1] strides=[2,2]")]
    [InlineData("AveragePool", "[1,2,5,5]", "kernel_shape=[3,3]")]
    [InlineData("AveragePool", "[1,2,5,6]", "kernel_shape=[3,2] strides=[2,1]")]
    [InlineData("AveragePool", "[1,2,6,6]", "kernel_shape=[2,2] strides=[3,3]")]
    [InlineData("AveragePool", "[1,2,5,5]", "kernel_shape=[3,3] pads=[1,1,1,1]")]
    [InlineData("AveragePool", "[1,2,5,5]", "kernel_shape=[3,3] pads=[1,1,1,1] count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,6,5]", "kernel_shape=[3,3] pads=[0,1,2,0] strides=[2,2]")]
    [InlineData("AveragePool", "[1,2,6,5]", "kernel_shape=[3,3] pads=[0,1,2,0] strides=[2,2] count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,6,6]", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1")]
    [InlineData("AveragePool", "[1,2,6,6]", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1 count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,7,6]", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] ceil_mode=1")]
    [InlineData("AveragePool", "[1,2,7,6]", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] ceil_mode=1 count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,5,5]", "kernel_shape=[2,2] strides=[3,3] pads=[0,0,1,1] ceil_mode=1 count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,5,6]", "kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_UPPER")]
    [InlineData("AveragePool", "[1,2,5,6]", "kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_LOWER")]
    [InlineData("AveragePool", "[1,2,5,6]", "kernel_shape=[2,2] auto_pad=SAME_LOWER count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,7,6]", "kernel_shape=[3,3] strides=[2,2] auto_pad=VALID")]
    [InlineData("AveragePool", "[1,2,7,7]", "kernel_shape=[2,3] dilations=[2,2] pads=[1,1,0,2] opset=19")]
    [InlineData("AveragePool", "[1,2,8,7]", "kernel_shape=[2,2] dilations=[3,2] strides=[2,2] ceil_mode=1 opset=19")]
    [InlineData("AveragePool", "[2,3,7]", "kernel_shape=[3] strides=[2] pads=[1,0]")]
    [InlineData("AveragePool", "[2,3,7]", "kernel_shape=[3] strides=[2] pads=[1,1] ceil_mode=1 count_include_pad=1")]
    [InlineData("AveragePool", "[1,2,4,5,4]", "kernel_shape=[2,3,2] strides=[2,1,2]")]
    [InlineData("AveragePool", "[1,2,4,5,4]", "kernel_shape=[3,3,3] strides=[2,2,2] pads=[1,1,1,1,1,1]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("MaxPool", "[2,3,4,6]", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("MaxPool", "[1,2,5,6]", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("MaxPool", "[1,2,5,6]", "kernel_shape=[3,3]")]
    [InlineData("MaxPool", "[1,2,6,6]", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1")]
    [InlineData("MaxPool", "[1,2,5,6]", "kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_LOWER")]
    [InlineData("MaxPool", "[1,2,7,7]", "kernel_shape=[2,3] dilations=[2,2] pads=[1,1,0,2]")]
    [InlineData("MaxPool", "[2,3,9]", "kernel_shape=[3] strides=[2] pads=[1,0]")]
    [InlineData("MaxPool", "[1,2,4,5,4]", "kernel_shape=[2,3,2] strides=[2,1,2]")]
    [InlineData("MaxPool", "[1,2,7,8]", "kernel_shape=[3,2] strides=[1,1] dilations=[1,3] ceil_mode=1")]
    [InlineData("MaxPool", "[1,2,8,7]", "kernel_shape=[2,2] strides=[3,3] storage_order=1")]
    [InlineData("MaxPool", "[1,2,40,40]", "kernel_shape=[40,40]")]
    [InlineData("MaxPool", "[1,2,41,42]", "kernel_shape=[38,39] strides=[1,2] pads=[2,1,0,0]")]
    [InlineData("LpPool", "[1,2,5,6]", "kernel_shape=[2,3] p=1")]
    public void Kinked(string op, string inputs, string attributes) => GradientCheck.Kinked(op, inputs, attributes);

    [Theory]
    [InlineData("LpPool", "[2,3,4,6]", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("LpPool", "[1,2,5,6]", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] p=3")]
    [InlineData("LpPool", "[1,2,5,6]", "kernel_shape=[3,2] auto_pad=SAME_UPPER strides=[2,1]")]
    [InlineData("LpPool", "[1,2,7,7]", "kernel_shape=[2,3] dilations=[2,2] p=4")]
    [InlineData("LpPool", "[1,2,6,6]", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1")]
    [InlineData("LpPool", "[2,3,9]", "kernel_shape=[3] strides=[2]")]
    public void Curved(string op, string inputs, string attributes) => GradientCheck.Curved(op, inputs, attributes);

    [Fact]
    public void A_window_of_zeros_passes_nothing_on()
    {
        var found = TinyGraph.Gradient(
            (b, x) => b.Emit("LpPool", [x], ("kernel_shape", new long[] { 2 }), ("strides", new long[] { 2 })),
            Tensor.Of([0f, 0, 3, 4], 1, 1, 4),
            [1, 10]);
        Near.Each("x / |x|", [0, 0, 6, 8], found, 1e-6, 0);
    }
}

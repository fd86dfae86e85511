using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class ConvGradientTests
{
    [Theory]
    // Kernel, padding and bias.
    [InlineData("Conv", "[2,3,5,6] ~[4,3,3,3] ~[4]", "pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,5,6] ~[4,3,3,3]")]
    [InlineData("Conv", "[1,3,4,4] ~[2,3,1,1]")]
    [InlineData("Conv", "[1,2,5,6] ~[3,2,2,3]", "pads=[0,1,2,0]")]
    [InlineData("Conv", "[1,2,4,5] ~[3,2,4,5]")]
    [InlineData("Conv", "[1,1,2,2] ~[1,1,3,3]", "pads=[2,2,2,2]")]
    // Padding wider than the window reaches.
    [InlineData("Conv", "[1,2,3,3] ~[3,2,1,1]", "pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,2,3,3] ~[3,2,3,3]", "pads=[4,3,5,4]")]
    [InlineData("Conv", "[1,2,5,5] ~[3,2,2,2]", "pads=[3,3,3,3] strides=[2,2]")]
    // Strides: with and without inputs that no window reaches.
    [InlineData("Conv", "[2,3,7,7] ~[4,3,3,3]", "strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,8,8] ~[4,3,3,3]", "strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,8,9] ~[4,3,3,3]", "strides=[2,3]")]
    [InlineData("Conv", "[1,2,9,8] ~[3,2,3,3]", "strides=[2,2] pads=[0,0,1,1]")]
    [InlineData("Conv", "[1,2,9,8] ~[3,2,3,3]", "strides=[2,2] pads=[1,1,0,0]")]
    [InlineData("Conv", "[1,3,11,11] ~[4,3,5,5]", "strides=[4,4] pads=[2,2,2,2]")]
    [InlineData("Conv", "[1,3,8,8] ~[4,3,2,2]", "strides=[2,2]")]
    [InlineData("Conv", "[1,3,7,7] ~[4,3,1,1]", "strides=[2,2]")]
    [InlineData("Conv", "[1,3,9,9] ~[4,3,2,2]", "strides=[4,4]")]
    [InlineData("Conv", "[1,2,6,7] ~[3,2,3,3]", "strides=[1,2] pads=[1,1,1,1]")]
    // auto_pad.
    [InlineData("Conv", "[1,2,5,6] ~[3,2,3,3]", "auto_pad=SAME_UPPER")]
    [InlineData("Conv", "[1,2,6,7] ~[3,2,3,3]", "auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("Conv", "[1,2,6,7] ~[3,2,3,3]", "auto_pad=SAME_LOWER strides=[2,2]")]
    [InlineData("Conv", "[1,2,5,5] ~[3,2,2,4]", "auto_pad=SAME_LOWER")]
    [InlineData("Conv", "[1,2,8,8] ~[3,2,3,3]", "auto_pad=VALID strides=[2,2]")]
    [InlineData("Conv", "[1,2,7,7] ~[3,2,1,1]", "auto_pad=SAME_UPPER strides=[3,3]")]
    // Dilations.
    [InlineData("Conv", "[1,2,7,7] ~[3,2,3,3]", "dilations=[2,2] pads=[2,2,2,2]")]
    [InlineData("Conv", "[1,2,9,8] ~[3,2,3,2]", "dilations=[2,3] strides=[2,1]")]
    [InlineData("Conv", "[1,2,9,9] ~[3,2,2,2]", "dilations=[3,3] strides=[2,2] pads=[1,0,2,1]")]
    // Groups.
    [InlineData("Conv", "[2,4,5,5] ~[6,2,3,3] ~[6]", "group=2 pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,4,6,6] ~[6,2,3,3]", "group=2 strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,5,5] ~[3,1,3,3]", "group=3 pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,6,5] ~[6,1,3,3]", "group=3 strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,4,6,6] ~[4,1,5,5]", "group=4 auto_pad=SAME_UPPER strides=[2,2]")]
    // Other ranks.
    [InlineData("Conv", "[2,3,9] ~[4,3,3] ~[4]", "pads=[1,1]")]
    [InlineData("Conv", "[2,3,9] ~[4,3,4]", "strides=[3] pads=[0,2] dilations=[2]")]
    [InlineData("Conv", "[1,2,4,5,4] ~[3,2,3,2,3]", "pads=[1,0,1,1,1,1]")]
    [InlineData("Conv", "[1,2,5,4,6] ~[2,1,3,3,2]", "group=2 strides=[2,2,2] pads=[1,1,0,1,1,0]")]
    // Transposed.
    [InlineData("ConvTranspose", "[2,3,4,5] ~[3,4,3,3] ~[4]")]
    [InlineData("ConvTranspose", "[1,3,4,5] ~[3,4,2,2]", "strides=[2,2]")]
    [InlineData("ConvTranspose", "[1,3,4,5] ~[3,4,3,3]", "strides=[2,2] pads=[1,1,1,1] output_padding=[1,1]")]
    [InlineData("ConvTranspose", "[1,3,4,5] ~[3,2,4,4]", "strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("ConvTranspose", "[1,3,4,5] ~[3,2,3,3]", "strides=[2,3] pads=[0,1,2,0] output_padding=[1,2]")]
    [InlineData("ConvTranspose", "[1,4,4,5] ~[4,3,3,3]", "group=2 pads=[1,1,1,1]")]
    [InlineData("ConvTranspose", "[1,4,4,5] ~[4,1,3,3]", "group=4 strides=[2,2]")]
    [InlineData("ConvTranspose", "[1,2,4,5] ~[2,3,3,2]", "dilations=[2,3]")]
    [InlineData("ConvTranspose", "[1,2,4,5] ~[2,3,3,2]", "dilations=[3,2] strides=[2,1] output_padding=[1,0]")]
    [InlineData("ConvTranspose", "[1,2,4,5] ~[2,3,3,3]", "auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("ConvTranspose", "[1,2,4,5] ~[2,3,4,4]", "auto_pad=SAME_LOWER strides=[3,2]")]
    [InlineData("ConvTranspose", "[1,2,4,5] ~[2,3,3,3]", "auto_pad=VALID strides=[2,2]")]
    [InlineData("ConvTranspose", "![1,2,4,5] ~[2,3,3,3]", "output_shape=[8,11] strides=[2,2]")]
    [InlineData("ConvTranspose", "![1,2,4,5] ~[2,3,4,3]", "output_shape=[9,10] strides=[2,2] auto_pad=SAME_UPPER")]
    [InlineData("ConvTranspose", "[2,3,6] ~[3,2,3]", "strides=[2] pads=[1,0]")]
    [InlineData("ConvTranspose", "[1,2,3,4,3] ~[2,2,2,3,2]", "strides=[2,1,2]")]
    // Weights that are computed as well.
    [InlineData("Conv", "[2,3,5,6] ![4,3,3,3] [4]", "pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,2,8,9] ![3,2,3,2]", "strides=[2,3] pads=[1,0,0,1]")]
    [InlineData("Conv", "[2,4,9,7] ![6,2,3,2]", "group=2 dilations=[2,1] strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("Conv", "[1,3,6,6] ![3,1,3,3]", "group=3 auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("Conv", "[2,3,9] ![4,3,4]", "strides=[3] dilations=[2] pads=[0,2]")]
    [InlineData("ConvTranspose", "[2,3,4,5] ![3,4,3,3] [4]", "strides=[2,2] pads=[1,1,1,1] output_padding=[1,1]")]
    [InlineData("ConvTranspose", "[2,4,4,3] ![4,3,3,2]", "group=2 dilations=[2,1]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Fact]
    public void A_batch_is_the_same_as_its_rows()
    {
        var random = new Random(5);
        var (x, dy) = (TinyTensors.Numbers(random, 3 * 2 * 6 * 6), TinyTensors.Numbers(random, 3 * 4 * 3 * 3));
        var weight = TinyTensors.Random(ElementType.Float, random, 4, 2, 3, 3);
        var whole = Gradient(3, x, dy);
        var rows = Enumerable.Range(0, 3).SelectMany(n => Gradient(1, x[(n * 72)..((n + 1) * 72)], dy[(n * 36)..((n + 1) * 36)]));
        Near.Each("rows", whole, [.. rows], 1e-6, 5);

        double[] Gradient(int batch, double[] at, double[] seed) => TinyGraph.Gradient(
            (b, value) => b.Emit("Conv", [value, b.Constant(weight)], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })),
            TinyTensors.Of(ElementType.Float, at, batch, 2, 6, 6),
            seed);
    }
}

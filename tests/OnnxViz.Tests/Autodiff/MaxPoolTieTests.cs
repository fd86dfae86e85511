using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>Which of several equal maxima takes the gradient, on integers that are mostly tied.</summary>
public class MaxPoolTieTests
{
    private const int Seed = 11;

    [Theory]
    [InlineData("2,3,6,6", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("2,2,7,8", "kernel_shape=[3,3] strides=[2,2]")]
    [InlineData("2,2,7,8", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1")]
    [InlineData("2,2,6,7", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("2,2,6,7", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] ceil_mode=1")]
    [InlineData("1,2,6,6", "kernel_shape=[3,3] strides=[1,1] pads=[1,1,1,1]")]
    [InlineData("1,2,5,7", "kernel_shape=[2,3] strides=[1,2] pads=[0,1,1,2]")]
    [InlineData("1,2,5,5", "kernel_shape=[3,2]")]
    [InlineData("1,3,5,6", "kernel_shape=[5,6]")]
    [InlineData("1,3,5,6", "kernel_shape=[1,1] strides=[2,2]")]
    [InlineData("1,2,7,7", "kernel_shape=[2,2] strides=[3,3]")]
    [InlineData("1,2,9,8", "kernel_shape=[3,2] dilations=[2,3] strides=[2,1] pads=[1,1,2,0]")]
    [InlineData("1,2,6,7", "kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_UPPER")]
    [InlineData("1,2,6,7", "kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_LOWER")]
    [InlineData("1,2,6,7", "kernel_shape=[2,2] auto_pad=SAME_LOWER")]
    [InlineData("1,2,6,7", "kernel_shape=[3,3] strides=[2,2] auto_pad=VALID")]
    [InlineData("2,3,11", "kernel_shape=[3] strides=[2] pads=[1,1]")]
    [InlineData("2,3,10", "kernel_shape=[4] strides=[3] ceil_mode=1")]
    [InlineData("1,2,4,5,6", "kernel_shape=[2,2,2] strides=[2,2,2]")]
    [InlineData("1,2,5,4,5", "kernel_shape=[3,2,3] strides=[2,1,2] pads=[1,0,1,1,1,1]")]
    [InlineData("1,2,40,41", "kernel_shape=[40,41]")]
    [InlineData("2,3,64,40", "kernel_shape=[32,38] strides=[32,40]")]
    [InlineData("1,2,90,83", "kernel_shape=[40,40] strides=[45,41] ceil_mode=1")]
    [InlineData("1,2,44,45", "kernel_shape=[40,40] pads=[3,0,2,5]")]
    [InlineData("1,2,47,49", "kernel_shape=[39,41] strides=[3,2] pads=[7,20,19,0] ceil_mode=1")]
    [InlineData("1,2,85,90", "kernel_shape=[39,38] strides=[2,5] dilations=[2,1]")]
    [InlineData("1,2,120,60", "kernel_shape=[39,40] strides=[121,7] dilations=[3,1]")]
    [InlineData("1,3,1120", "kernel_shape=[1100] strides=[7] auto_pad=SAME_LOWER")]
    [InlineData("1,1,14,15,16", "kernel_shape=[13,13,13] strides=[1,2,1]")]
    public void The_first_of_equal_maxima_takes_the_gradient(string shape, string attributes)
    {
        var dims = Array.ConvertAll(shape.Split(','), long.Parse);
        var given = TextNode.Attributes(attributes);
        var random = new Random(Seed);
        // Below zero as well, so that a padding taken for 0 would win.
        var x = Array.ConvertAll(TinyTensors.Tied(random, Shapes.Count(dims), 4), v => v - 2);
        using var graph = new TinyGraph((b, xs) => [Pool(b, xs[0])], [TinyTensors.Of(ElementType.Float, x, dims)]);
        var output = graph.Outputs[0].Dims;
        var dy = Array.ConvertAll(TinyTensors.Tied(random, Shapes.Count(output), 9), v => v - 4);
        var expected = PlainMaxPool.Gradient(dims, output, given, x, dy);
        foreach (var rules in new[] { GradientRules.Default, GradientRules.Guided, GradientRules.Deconv, GradientRules.Redirected })
            Near.Each($"{rules.Name} of {attributes}", expected, Gradient(Pool, rules), 0, Seed);

        // Behind a ReLU: many zeros, all tied; the deconvnet rectifies what the switches let through.
        var rectified = Array.ConvertAll(x, v => Math.Max(0, v));
        var deconv = Array.ConvertAll(PlainMaxPool.Gradient(dims, output, given, rectified, dy), g => Math.Max(0, g));
        Near.Each($"deconvnet of {attributes}", deconv, Gradient((b, v) => Pool(b, b.Relu(v)), GradientRules.Deconv), 0, Seed);

        Value Pool(GraphBuilder builder, Value value) => builder.Node("MaxPool", [value], given)[0];

        double[] Gradient(Func<GraphBuilder, Value, Value> function, GradientRules rules) =>
            TinyGraph.Gradient(function, TinyTensors.Of(ElementType.Float, x, dims), dy, rules);
    }

    [Fact]
    public void Every_window_of_a_flat_picture_passes_its_gradient_to_its_first_element_that_is_no_padding()
    {
        var found = TinyGraph.Gradient(
            (b, x) => b.Emit("MaxPool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 0, 0 })),
            Tensor.Of(new float[9], 1, 1, 3, 3),
            [1, 2, 3, 4]);
        Assert.Equal([1.0, 2, 0, 3, 4, 0, 0, 0, 0], found);
    }
}

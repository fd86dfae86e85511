using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Training;

public class UnrolledConvolutionTests
{
    [Theory]
    [InlineData("[3,4,2,2] [5,4,3,3] [5]", "pads=[1,1,1,1]")]
    [InlineData("[2,4,2,2] [5,4,1,1] [5]", "")]
    [InlineData("[2,4,1,1] [5,4,1,1]", "")]
    [InlineData("[2,3,5,6] [4,3,3,3]", "strides=[2,2] pads=[1,0,0,1]")]
    [InlineData("[2,3,6,7] [4,3,3,2]", "strides=[3,2] dilations=[1,2]")]
    [InlineData("[2,3,5,5] [4,3,3,3] [4]", "auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("[2,3,5,5] [4,3,2,2] [4]", "auto_pad=SAME_LOWER strides=[2,3]")]
    [InlineData("[2,3,9] [4,3,4] [4]", "strides=[3] pads=[0,2]")]
    [InlineData("[2,2,3,2,3] [4,2,2,2,2] [4]", "")]
    public void Is_the_convolution_with_its_gradients(string inputs, string attributes)
    {
        var random = new Random(3);
        Tensor[] at = [.. inputs.Split(' ').Select(word => TinyTensors.Random(ElementType.Float, random, TextNode.Input(word)!.Dims!))];
        var given = TextNode.Attributes(attributes);
        using var plain = new TinyGraph((b, xs) => b.Node("Conv", xs, given), at);
        using var unrolled = new TinyGraph(Unrolled, at);

        Near.Each("forward", plain.Forward(at)[0], unrolled.Forward(at)[0], 1e-6);
        Tensor[] seed = [TinyTensors.Random(ElementType.Float, random, plain.Outputs[0].Dims)];
        var (expected, found) = (plain.Gradients(at, seed), unrolled.Gradients(at, seed));
        for (var i = 0; i < at.Length; i++) Near.Each($"gradient {i}", expected[i].ToDoubles(), found[i].ToDoubles(), 2e-6);

        Value[] Unrolled(GraphBuilder b, Value[] xs)
        {
            var node = Convolution([.. xs], given);
            Assert.True(UnrolledConvolution.Pays(node, xs[0]));
            return [UnrolledConvolution.Emit(b, node, xs[0], xs[1], xs.ElementAtOrDefault(2))];
        }
    }

    [Theory]
    [InlineData("[2,3,4,4] [4,3,3,3]", "pads=[1,1,1,1]")]
    [InlineData("[2,4,2,2] [4,2,1,1]", "group=2")]
    [InlineData("[1,4,2,2] [4,4,1,1]", "")]
    [InlineData("[?,4,2,2] [4,4,1,1]", "")]
    public void Is_left_alone_where_nothing_is_gained(string inputs, string attributes)
    {
        var values = Array.ConvertAll(inputs.Split(' '), TextNode.Input);
        Assert.False(UnrolledConvolution.Pays(Convolution(values, TextNode.Attributes(attributes)), values[0]!));
    }

    private static Node Convolution(Value?[] inputs, Dictionary<string, object> attributes) => new("Conv", "conv", inputs, [new Value("y")], attributes);
}

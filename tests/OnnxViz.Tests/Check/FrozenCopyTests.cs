using OnnxViz.Check;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Check;

public class FrozenCopyTests
{
    /// <summary>Every operator with kinks: under its own pattern a copy is the function, and between kinks it stays it.</summary>
    [Theory]
    [InlineData("Relu", "[1,2,4,4]")]
    [InlineData("LeakyRelu", "[1,2,4,4]", "alpha=0.25")]
    [InlineData("PRelu", "[1,2,4,4] ~[2,1,1]")]
    [InlineData("ThresholdedRelu", "[1,2,4,4]", "alpha=0.3")]
    [InlineData("Elu", "[1,2,4,4]", "alpha=2.0")]
    [InlineData("Celu", "[1,2,4,4]", "alpha=2.0")]
    [InlineData("Selu", "[1,2,4,4]")]
    [InlineData("Clip", "[1,2,4,4] f32=-0.5 f32=0.25")]
    [InlineData("Clip", "[1,2,4,4] - f32=0.25")]
    [InlineData("HardSigmoid", "[1,2,4,4]", "alpha=1.5")]
    [InlineData("HardSwish", "[1,2,4,4]")]
    [InlineData("Abs", "[1,2,4,4]")]
    [InlineData("Max", "[1,2,4,4] ~[1,2,1,4] ~[4]")]
    [InlineData("Min", "[1,2,4,4] ~[1,2,1,4]")]
    [InlineData("ReduceL1", "[1,2,4,4] i64[2]=2,3", "keepdims=0")]
    [InlineData("ReduceMax", "[1,2,4,4] i64[1]=1", "keepdims=0")]
    [InlineData("ReduceMin", "[1,2,4,4] i64[2]=2,3")]
    [InlineData("GlobalMaxPool", "[1,2,4,4]")]
    [InlineData("MaxPool", "[1,2,5,5]", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,0,0] ceil_mode=1")]
    [InlineData("MaxPool", "[1,2,5,5]", "kernel_shape=[2,2] dilations=[2,2] storage_order=1")]
    [InlineData("TopK", "[1,2,4,4] i64[1]=2", "axis=1")]
    public void Under_its_own_pattern_the_copy_is_the_function(string op, string inputs, string attributes = "")
    {
        var tested = GradientCase.Parse(op, inputs, attributes, "-1..1", op == "TopK" ? 2 : 1, seed: 3);
        var point = new GraphBuilder();
        var x = point.Input("x", ElementType.Float, tested.Inputs[0].Dims);
        var copy = new FrozenCopy(point, x, [tested.Function(point, [x])[0]]);
        using var plain = new Session(point.Build(), RuntimeOptions.Default);
        using var frozen = new Session(copy.Frozen.Build(), RuntimeOptions.Default);

        var at = plain.Run(Feed(tested.Inputs[0]));
        var pattern = at.Where(v => v.Key != FrozenCopy.OutputName(0)).ToDictionary();
        Near.Each(tested.Text, Output(at), Output(frozen.Run(Feed(tested.Inputs[0], pattern))), 1e-6, 3);
        // Less than half the distance to the next kink.
        var numbers = tested.Inputs[0].ToDoubles().Select((n, i) => n + (tested.Room * (i % 2 == 0 ? 0.4 : -0.4)));
        var moved = TinyTensors.Of(ElementType.Float, [.. numbers], tested.Inputs[0].Dims);
        if (!inputs.Contains('~', StringComparison.Ordinal) && op is not ("HardSigmoid" or "HardSwish"))
            Near.Each(tested.Text, Output(plain.Run(Feed(moved))), Output(frozen.Run(Feed(moved, pattern))), 1e-6, 3);
        // On the other side of every kink the two part: the copy is one piece.
        var mirrored = TinyTensors.Of(ElementType.Float, [.. tested.Inputs[0].ToDoubles().Select(n => -8 * n)], tested.Inputs[0].Dims);
        Assert.NotEqual(Output(plain.Run(Feed(mirrored))), Output(frozen.Run(Feed(mirrored, pattern))));

        static double[] Output(IReadOnlyDictionary<string, Tensor> results) => results[FrozenCopy.OutputName(0)].ToDoubles();

        static Dictionary<string, Tensor> Feed(Tensor image, Dictionary<string, Tensor>? pattern = null) => new(pattern ?? []) { ["x"] = image };
    }
}

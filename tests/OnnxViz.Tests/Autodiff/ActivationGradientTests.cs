using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class ActivationGradientTests
{
    private const float Infinity = float.PositiveInfinity;

    [Theory]
    [InlineData("Relu", "[3,4]")]
    [InlineData("LeakyRelu", "[3,4]")]
    [InlineData("LeakyRelu", "[3,4]", "alpha=0.3")]
    [InlineData("PRelu", "[2,3,4] +[3,1]")]
    [InlineData("PRelu", "[2,3,4] [3,1]")]
    [InlineData("PRelu", "[2,3,4] [1]")]
    [InlineData("PRelu", "[2,7] [2,7]")]
    [InlineData("Clip", "[3,4] f32=-0.5 f32=0.5")]
    [InlineData("Clip", "[3,4] - f32=0.5")]
    [InlineData("Clip", "[3,4] f32=-0.5")]
    [InlineData("Clip", "[3,4]")]
    [InlineData("Clip", "[8,4] f32=0.0 f32=6.0", "", "-8..8")]
    [InlineData("Clip", "[3,4] f32=0.0")]
    [InlineData("HardSigmoid", "[4,10]", "", "-5..5")]
    [InlineData("HardSigmoid", "[4,4]", "alpha=0.5 beta=0.25", "-4..4")]
    [InlineData("HardSwish", "[4,4]", "", "-4..4")]
    [InlineData("PRelu", "[2,3,4,5] [3,1,1]")]
    [InlineData("PRelu", "[2,3,4,5] [5]")]
    [InlineData("PRelu", "[2,3,4] [1,3,1]")]
    [InlineData("Clip", "f64[3,4] f64=-0.5 f64=0.5")]
    [InlineData("ThresholdedRelu", "[4,6]", "", "-2..2")]
    [InlineData("ThresholdedRelu", "[3,4]", "alpha=-0.5")]
    [InlineData("Shrink", "[3,4]")]
    [InlineData("Shrink", "[4,6]", "lambd=1.0 bias=0.5", "-2..2")]
    public void Kinked(string op, string inputs, string attributes = "", string range = "-1..1") =>
        GradientCheck.Kinked(op, inputs, attributes, range);

    [Theory]
    [InlineData("Elu", "[3,4]")]
    [InlineData("Elu", "[3,4]", "alpha=0.5")]
    [InlineData("Selu", "[3,4]")]
    [InlineData("Selu", "[3,4]", "alpha=0.5 gamma=2.0")]
    [InlineData("Celu", "[3,4]")]
    [InlineData("Celu", "[3,4]", "alpha=0.5")]
    [InlineData("Softsign", "[3,4]")]
    public void Curved(string op, string inputs, string attributes = "") => GradientCheck.Curved(op, inputs, attributes);

    [Theory]
    [InlineData("Sigmoid", "[3,4]", "", "-4..4")]
    [InlineData("Tanh", "[3,4]", "", "-2..2")]
    [InlineData("Softplus", "[3,4]", "", "-4..4")]
    [InlineData("Mish", "[3,4]", "", "-4..4")]
    [InlineData("Gelu", "[3,4]", "opset=20", "-4..4")]
    [InlineData("Gelu", "[3,4]", "opset=21 approximate=tanh", "-4..4")]
    [InlineData("Silu", "[3,4]", "", "-4..4")]
    [InlineData("Silu", "[3,4]", "swapped=1", "-4..4")]
    [InlineData("Softmax", "[3,4]", "", "-2..2")]
    [InlineData("Softmax", "[2,3,4]", "axis=1", "-2..2")]
    [InlineData("Softmax", "[2,3,2,2]", "axis=-3", "-2..2")]
    [InlineData("Softmax", "[5]", "", "-2..2")]
    [InlineData("Softmax", "[2,3,4,2]", "axis=2", "-2..2")]
    [InlineData("LogSoftmax", "[3,4]", "", "-2..2")]
    [InlineData("LogSoftmax", "[2,3,4]", "axis=0", "-2..2")]
    public void Smooth(string op, string inputs, string attributes, string range) => GradientCheck.Smooth(op, inputs, attributes, range);

    [Theory]
    [InlineData(0, 6, 0)]
    [InlineData(0, Infinity, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(-2, 3, 1)]
    [InlineData(-Infinity, 6, 1)]
    [InlineData(-3, Infinity, 1)]
    public void At_the_bounds_of_clip(float low, float high, double expected)
    {
        var (first, last) = (float.IsFinite(low) ? low : -9, float.IsFinite(high) ? high : 9);
        float[] x = [first - 0.5f, first, first + 0.5f, last - 0.5f, last, last + 0.5f];
        var found = TinyGraph.Gradient(Clip, Tensor.Of(x, 6), [1, 1, 1, 1, 1, 1]);
        var (below, atLow) = float.IsFinite(low) ? (0, expected) : (1, 1);
        var (above, atHigh) = float.IsFinite(high) ? (0, expected) : (1, 1);
        Assert.Equal([below, atLow, 1, 1, atHigh, above], found);

        Value Clip(GraphBuilder b, Value value) =>
            b.Emit("Clip", [value, float.IsFinite(low) ? b.Constant(low) : null, float.IsFinite(high) ? b.Constant(high) : null]);
    }

    [Fact]
    public void An_infinite_bound_is_no_bound() =>
        Assert.Equal([0.0, 0, 1], TinyGraph.Gradient((b, x) => b.Emit("Clip", [x, b.Constant(0f), b.Constant(Infinity)]), Tensor.Of([-1f, 0, 9], 3), [1, 1, 1]));

    [Theory]
    [InlineData("Relu", 0)]
    [InlineData("LeakyRelu", 0.25)]
    [InlineData("PRelu", 0.25)]
    [InlineData("Elu", 1)]
    [InlineData("HardSwish", 0.5)]
    [InlineData("HardSigmoid", 0.25)]
    [InlineData("Celu", 1)]
    [InlineData("Selu", 1.7580993408)]
    [InlineData("Softsign", 1)]
    [InlineData("Mish", 0.6)]
    public void At_zero(string op, double expected)
    {
        var found = TinyGraph.Gradient(
            (b, x) => op switch
            {
                "PRelu" => b.Emit(op, [x, b.Constant(0.25f)]),
                "LeakyRelu" or "HardSigmoid" => b.Emit(op, [x], ("alpha", 0.25f)),
                _ => b.Emit(op, [x]),
            },
            Tensor.Of([0f, -0f], 2),
            [1, 1]);
        Near.Each(op, [expected, expected], found, 1e-6, seed: 0);
    }

    [Theory]
    [InlineData("HardSwish", -3, 0)]
    [InlineData("HardSwish", 3, 1)]
    [InlineData("HardSigmoid", -2.5, 0)]
    [InlineData("HardSigmoid", 2.5, 0)]
    public void Where_a_hard_activation_bends(string op, float x, double expected) =>
        Assert.Equal([expected], TinyGraph.Gradient((b, value) => b.Emit(op, [value]), Tensor.Of([x], 1), [1]));
}

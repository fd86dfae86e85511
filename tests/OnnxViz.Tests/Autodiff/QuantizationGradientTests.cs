using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>
/// Rounding is flat almost everywhere, so differences say nothing: what is compared with is PyTorch's definition of
/// fake_quantize's gradient, 1 where low &lt;= round(x / scale) + zero point &lt;= high.
/// </summary>
public class QuantizationGradientTests
{
    private static readonly float[] Points = [-1e6f, -64.26f, -64.25f, -64.24f, -1, 0, 0.24f, 0.25f, 0.26f, 1, 63.5f, 63.74f, 63.75f, 63.76f, 127.74f, 1e6f];

    [Theory]
    [InlineData("QuantizeLinear", "[16] f32=0.5 i8=0", 0.5, 0, -128, 127)]
    [InlineData("QuantizeLinear", "[16] f32=0.5", 0.5, 0, 0, 255)]
    [InlineData("QuantizeLinear", "[16] f32=0.5 u8=7", 0.5, 7, 0, 255)]
    [InlineData("QuantizeLinear", "[16] f32=0.5 u8=255", 0.5, 255, 0, 255)]
    [InlineData("QuantizeLinear", "[16] f32=0.25 i8=-128", 0.25, -128, -128, 127)]
    [InlineData("DequantizeLinear", "@i8[1]=5 f32=0.5 i8=-3", 0.5, -3, -128, 127)]
    public void StraightThrough(string op, string inputs, double scale, int zero, int low, int high)
    {
        var dy = Enumerable.Range(1, Points.Length).Select(i => (double)i).ToArray();
        var gradient = TinyGraph.Gradient((b, x) => Rounded(b, op, inputs, x), Tensor.Of(Points, Points.Length), dy);
        var unit = op == "DequantizeLinear" ? 1 : 1 / scale;
        Assert.Equal(Points.Select((x, i) => IsInside(x / scale, zero, low, high) ? dy[i] * unit : 0), gradient);
    }

    [Theory]
    [InlineData("QuantizeLinear", "[1,2,2] f32[2]=0.5,1 i8[2]=0,3", "axis=1")]
    [InlineData("QuantizeLinear", "[1,2,2] f32[2]=0.5,1 u8[2]=0,3", "axis=-1")]
    public void Every_channel_has_its_own_range(string op, string inputs, string attributes)
    {
        double[] scales = attributes == "axis=1" ? [0.5, 0.5, 1, 1] : [0.5, 1, 0.5, 1];
        int[] zeros = attributes == "axis=1" ? [0, 0, 3, 3] : [0, 3, 0, 3];
        var (low, high) = inputs.Contains("u8") ? (0, 255) : (-128, 127);
        double[] points = [-2, 64, -2.5, 125];
        var gradient = TinyGraph.Gradient((b, x) => Rounded(b, op, inputs, x, attributes), TinyTensors.Of(ElementType.Float, points, [1, 2, 2]), [1, 1, 1, 1]);
        Assert.Equal(points.Select((x, i) => IsInside(x / scales[i], zeros[i], low, high) ? 1 / scales[i] : 0), gradient);
    }

    /// <summary>Of what a linear operator gives a range from zero is the ReLU that a quantiser removed; of a Sigmoid it is nothing.</summary>
    [Theory]
    [InlineData("guided", true, "0 2 0 0")]
    [InlineData("deconv", true, "0 2 0 3")]
    [InlineData("default", true, "0 2 -1 0")]
    [InlineData("guided", false, "-4 2 -1 3")]
    [InlineData("deconv", false, "-4 2 -1 3")]
    public void A_range_from_zero_behind_a_linear_operator_is_a_ReLU(string rules, bool isLinear, string expected)
    {
        GradientRules[] tables = [GradientRules.Default, GradientRules.Guided, GradientRules.Deconv];
        var gradient = TinyGraph.Gradient(
            (b, x) => b.Mul(Rounded(b, "QuantizeLinear", "[4] f32=0.5 u8=0", isLinear ? b.Add(x, b.Scalar(0)) : b.Abs(x)), 0.5f),
            TinyTensors.Of(ElementType.Float, isLinear ? [300, 20, 10, -5] : [100, 20, 10, 5], [4]),
            [-4, 2, -1, 3],
            tables.Single(t => t.Name == rules));
        Assert.Equal(expected, string.Join(' ', gradient));
    }

    private static bool IsInside(double x, int zero, int low, int high) => Math.Round(x) + zero is var y && y >= low && y <= high;

    /// <summary>The integers as floats, or what DequantizeLinear makes of them.</summary>
    private static Value Rounded(GraphBuilder b, string op, string inputs, Value x, string attributes = "")
    {
        var given = inputs.Split(' ').Skip(1).Select(TextNode.Input).Select(v => (Value?)b.Constant(v!.Constant!)).ToArray();
        var numbers = b.Emit("QuantizeLinear", [x, .. given], [.. TextNode.Attributes(attributes).Select(a => (a.Key, a.Value))]);
        return op == "DequantizeLinear" ? b.Emit(op, [numbers, .. given]) : b.Cast(numbers, ElementType.Float);
    }
}

using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>The ReLU variants against plain loops.</summary>
public class ActivationRuleTests
{
    private const int Seed = 3;
    private const int RowSize = 24;

    private static readonly Dictionary<string, (Func<GraphBuilder, Value, Value> Emit, Func<double, double> Slope)> Rectifiers = new()
    {
        ["Relu"] = ((b, x) => b.Relu(x), x => x > 0 ? 1 : 0),
        ["Clip(0,6)"] = ((b, x) => b.Emit("Clip", [x, b.Constant(0f), b.Constant(6f)]), x => x is > 0 and < 6 ? 1 : 0),
        ["Clip(0,)"] = ((b, x) => b.Emit("Clip", [x, b.Constant(0f)]), x => x > 0 ? 1 : 0),
        ["LeakyRelu"] = ((b, x) => b.Emit("LeakyRelu", [x], ("alpha", 0.25f)), x => x > 0 ? 1 : 0.25),
        ["PRelu"] = ((b, x) => b.Emit("PRelu", [x, b.Constant(0.5f)]), x => x > 0 ? 1 : 0.5),
        ["Elu"] = ((b, x) => b.Emit("Elu", [x]), x => x > 0 ? 1 : Math.Exp(x)),
        ["HardSwish"] = ((b, x) => b.Emit("HardSwish", [x]), x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5),
        ["Mul(x,Sigmoid(x))"] = ((b, x) => GradientCase.Silu(b, x, swapped: false), SiluSlope),
        ["Mul(Sigmoid(x),x)"] = ((b, x) => GradientCase.Silu(b, x, swapped: true), SiluSlope),
    };

    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Others = new()
    {
        ["Sigmoid"] = (b, x) => b.Sigmoid(x),
        ["Tanh"] = (b, x) => b.Emit("Tanh", [x]),
        ["Softplus"] = (b, x) => b.Emit("Softplus", [x]),
        ["HardSigmoid"] = (b, x) => b.Emit("HardSigmoid", [x]),
        ["Clip(-1,1)"] = (b, x) => b.Emit("Clip", [x, b.Constant(-1f), b.Constant(1f)]),
        ["Mul(x,Sigmoid(2x))"] = (b, x) => b.Mul(x, b.Sigmoid(b.Mul(x, 2))),
        ["Abs"] = (b, x) => b.Abs(x),
    };

    public static TheoryData<string> RectifierNames => [.. Rectifiers.Keys];

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    [Theory]
    [MemberData(nameof(RectifierNames))]
    public void Guided_passes_what_is_positive_times_the_slope(string activation)
    {
        var (x, dy) = Numbers();
        var expected = x.Zip(dy, (at, d) => d > 0 ? d * Rectifiers[activation].Slope(at) : 0);
        Check(activation, GradientRules.Guided, x, dy, [.. expected]);
    }

    [Theory]
    [MemberData(nameof(RectifierNames))]
    public void Deconv_passes_what_is_positive_wherever_it_comes_from(string activation)
    {
        var (x, dy) = Numbers();
        Check(activation, GradientRules.Deconv, x, dy, [.. dy.Select(d => Math.Max(0, d))]);
    }

    [Theory]
    [MemberData(nameof(RectifierNames))]
    public void Redirected_wakes_up_rows_that_nothing_passes(string activation)
    {
        var (x, dy) = Numbers();
        var high = activation == "Clip(0,6)" ? 6 : double.PositiveInfinity;
        var expected = new double[x.Length];
        for (var row = 0; row < x.Length; row += RowSize)
        {
            for (var i = row; i < row + RowSize; i++) expected[i] = dy[i] * Rectifiers[activation].Slope(x[i]);
            if (expected[row..(row + RowSize)].Any(g => g != 0)) continue;
            for (var i = row; i < row + RowSize; i++)
                expected[i] = (x[i] < 0 && dy[i] > 0) || (x[i] > high && dy[i] < 0) ? dy[i] : 0;
        }

        Check(activation, GradientRules.Redirected, x, dy, expected);
    }

    [Fact]
    public void Redirection_is_tried_on_rows_that_are_blocked_below_above_and_not_at_all()
    {
        var x = Numbers().X;
        Assert.All(x[..RowSize], v => Assert.True(v < -3));
        Assert.All(x[RowSize..(2 * RowSize)], v => Assert.True(v > 6));
        Assert.Contains(x[(2 * RowSize)..(3 * RowSize)], v => v is > 0 and < 6);
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void What_is_no_rectifier_keeps_its_derivative(string activation)
    {
        var (x, dy) = Numbers();
        var plain = Gradient(Others[activation], GradientRules.Default, x, dy);
        foreach (var rules in new[] { GradientRules.Guided, GradientRules.Deconv, GradientRules.Redirected })
            Near.Each($"{rules.Name} of {activation}", plain, Gradient(Others[activation], rules, x, dy), 0, Seed);
    }

    private static double SiluSlope(double x)
    {
        var s = 1 / (1 + Math.Exp(-x));
        return s * (1 + (x * (1 - s)));
    }

    private static void Check(string activation, GradientRules rules, double[] x, double[] dy, double[] expected) =>
        Near.Each($"{rules.Name} of {activation}", expected, Gradient(Rectifiers[activation].Emit, rules, x, dy), 1e-6, Seed);

    private static double[] Gradient(Func<GraphBuilder, Value, Value> function, GradientRules rules, double[] x, double[] dy) =>
        TinyGraph.Gradient(function, TinyTensors.Of(ElementType.Float, x, x.Length / RowSize, 4, 2, 3), dy, rules);

    /// <summary>Four rows: below every kink, above every kink, everywhere with the kinks themselves, and one that gets no gradient.</summary>
    private static (double[] X, double[] DY) Numbers()
    {
        var random = new Random(Seed);
        var (unit, dy) = (TinyTensors.Numbers(random, 4 * RowSize), TinyTensors.Numbers(random, 4 * RowSize));
        var x = unit.Select((u, i) => (double)(float)((i / RowSize) switch { 0 => -5 + u, 1 => 8 + u, _ => 8 * u })).ToArray();
        double[] kinks = [0, 6, -3, 3, -1, 1];
        kinks.CopyTo(x, 2 * RowSize);
        Array.Clear(dy, 3 * RowSize, RowSize);
        return (x, Array.ConvertAll(dy, d => (double)(float)d));
    }
}

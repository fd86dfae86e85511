using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>The ReLU variants against plain loops.</summary>
public class ReluLikeRuleTests
{
    private const int Seed = 3;
    private const int RowSize = 24;

    private static readonly double[] Kinks = [0, 6, -3, 3, -1, 1];

    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Others = new()
    {
        ["Sigmoid"] = (b, x) => b.Sigmoid(x),
        ["Tanh"] = (b, x) => b.Emit("Tanh", [x]),
        ["Softplus"] = (b, x) => b.Emit("Softplus", [x]),
        ["HardSigmoid"] = (b, x) => b.Emit("HardSigmoid", [x]),
        ["Clip(-1,1)"] = (b, x) => b.Emit("Clip", [x, b.Constant(-1f), b.Constant(1f)]),
        ["Softsign"] = (b, x) => b.Emit("Softsign", [x]),
        ["Abs"] = (b, x) => b.Abs(x),
        ["Max(x,-x)"] = (b, x) => b.Max(x, b.Neg(x)),
        ["Mul(x,Sigmoid(-2x))"] = (b, x) => b.Mul(x, b.Sigmoid(b.Mul(x, -2))),
        ["Mul(x,Tanh(x))"] = (b, x) => b.Mul(x, b.Emit("Tanh", [x])),
        ["Max(x,1)"] = (b, x) => b.Max(x, b.Constant(1f)),
        // A gate, as in squeeze and excitation, that looks at more than one element.
        ["Mul(x,Sigmoid(mean(x)))"] = (b, x) => b.Mul(x, b.Sigmoid(b.ReduceMean(x, [2, 3]))),
        ["Mul(x,HardSigmoid(mean(x)))"] = (b, x) => b.Mul(x, b.Emit("HardSigmoid", [b.ReduceMean(x, [2, 3])])),
    };

    public static TheoryData<string> ReluLikeNames => [.. ReluLikeForms.All.Keys];

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    [Theory]
    [MemberData(nameof(ReluLikeNames))]
    public void Guided_passes_what_is_positive_times_the_slope(string activation)
    {
        var (x, dy) = Numbers();
        var expected = x.Zip(dy, (at, d) => d > 0 ? d * ReluLikeForms.All[activation].Slope(at) : 0);
        Check(activation, GradientRules.Guided, x, dy, [.. expected]);
    }

    [Theory]
    [MemberData(nameof(ReluLikeNames))]
    public void Deconv_passes_what_is_positive_wherever_it_comes_from(string activation)
    {
        var (x, dy) = Numbers();
        Check(activation, GradientRules.Deconv, x, dy, [.. dy.Select(d => Math.Max(0, d))]);
    }

    [Theory]
    [MemberData(nameof(ReluLikeNames))]
    public void Redirected_wakes_up_rows_that_nothing_passes(string activation)
    {
        var (x, dy) = Numbers();
        var high = ReluLikeForms.All[activation].High;
        var expected = new double[x.Length];
        for (var row = 0; row < x.Length; row += RowSize)
        {
            for (var i = row; i < row + RowSize; i++) expected[i] = dy[i] * ReluLikeForms.All[activation].Slope(x[i]);
            if (expected[row..(row + RowSize)].Any(g => g != 0)) continue;
            for (var i = row; i < row + RowSize; i++)
                expected[i] = (x[i] <= 0 && dy[i] > 0) || (x[i] >= high && dy[i] < 0) ? dy[i] : 0;
        }

        Check(activation, GradientRules.Redirected, x, dy, expected);
    }

    [Theory]
    [MemberData(nameof(ReluLikeNames))]
    public void However_it_is_written_the_default_is_its_derivative(string activation)
    {
        var (x, dy) = Numbers();
        var expected = x.Zip(dy, (at, d) => d * ReluLikeForms.All[activation].Slope(at));
        Near.Each($"default of {activation}", [.. expected], Gradient(ReluLikeForms.All[activation].Emit, GradientRules.Default, x, dy), 2e-6, Seed);
    }

    [Fact]
    public void A_row_of_zeros_is_woken_up()
    {
        var found = Gradient((b, x) => b.Relu(x), GradientRules.Redirected, new double[RowSize], [.. Enumerable.Range(0, RowSize).Select(i => i - 3.0)]);
        Assert.Equal(Enumerable.Range(0, RowSize).Select(i => Math.Max(0, i - 3.0)), found);
    }

    [Fact]
    public void A_scale_for_each_channel_behind_a_ReLU_is_no_part_of_it()
    {
        // On average it is 1, and nothing would be left to tell it from a ReLU.
        var scale = Tensor.Of([-1f, 3, 3, -1], 4, 1, 1);
        var found = Gradient((b, x) => b.Mul(b.Relu(x), b.Constant(scale)), GradientRules.Guided, [.. Enumerable.Repeat(1.0, RowSize)], [.. Enumerable.Repeat(1.0, RowSize)]);
        Assert.Equal(Enumerable.Range(0, RowSize).Select(i => i / 6 is 1 or 2 ? 3.0 : 0), found);
    }

    [Fact]
    public void What_lies_inside_an_activation_gets_its_derivative()
    {
        foreach (var rules in new[] { GradientRules.Default, GradientRules.Guided })
        {
            var builder = new GraphBuilder();
            var x = builder.Input("x", ElementType.Float, 1, 3);
            var gate = builder.Sigmoid(x);
            var y = builder.Mul(x, gate);
            var seeds = new Dictionary<Value, Value> { [y] = builder.Constant(Tensor.Of([1f, 1, 1], 1, 3)) };
            var gradient = Backpropagation.Gradients(builder, seeds, [gate], rules)[0];
            Assert.Equal("Mul", gradient.Producer!.OpType);
            Assert.Contains(x, gradient.Producer.Inputs);
        }
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

    private static void Check(string activation, GradientRules rules, double[] x, double[] dy, double[] expected) =>
        Near.Each($"{rules.Name} of {activation}", expected, Gradient(ReluLikeForms.All[activation].Emit, rules, x, dy), 2e-6, Seed);

    private static double[] Gradient(Func<GraphBuilder, Value, Value> function, GradientRules rules, double[] x, double[] dy) =>
        TinyGraph.Gradient(function, TinyTensors.Of(ElementType.Float, x, x.Length / RowSize, 4, 2, 3), dy, rules);

    /// <summary>Four rows: below every kink, above every kink, everywhere with the kinks themselves, and one that gets no gradient.</summary>
    private static (double[] X, double[] DY) Numbers()
    {
        var random = new Random(Seed);
        var (unit, dy) = (TinyTensors.Numbers(random, 4 * RowSize), TinyTensors.Numbers(random, 4 * RowSize));
        var x = unit.Select((u, i) => (double)(float)((i / RowSize) switch { 0 => -5 + u, 1 => 8 + u, _ => 8 * u })).ToArray();
        Kinks.CopyTo(x, 2 * RowSize);
        Array.Clear(dy, 3 * RowSize, RowSize);
        return (x, Array.ConvertAll(dy, d => (double)(float)d));
    }
}

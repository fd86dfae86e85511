using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class ArithmeticGradientTests
{
    [Theory]
    [InlineData("Add", "[2,3,4] [2,3,4]")]
    [InlineData("Add", "[2,3,4] [4]")]
    [InlineData("Add", "[3,1] [2,1,4]")]
    [InlineData("Add", "[2,3] []")]
    [InlineData("Add", "~[2,1,3] [4,1]")]
    [InlineData("Sub", "[2,3] [2,3]")]
    [InlineData("Sub", "[3] [2,1,3]")]
    [InlineData("Sub", "[2,1] ~[4]")]
    [InlineData("Mul", "[2,3,4] [2,3,4]")]
    [InlineData("Mul", "[4] [2,3,4]")]
    [InlineData("Mul", "[2,3,1] [3,4]")]
    [InlineData("Mul", "[1,1] [2,3]")]
    [InlineData("Mul", "f64[2,3] f64[3]")]
    [InlineData("Neg", "[2,3]")]
    [InlineData("Sum", "[2,3]")]
    [InlineData("Sum", "[2,3] [3] [4,1,1]")]
    [InlineData("Mean", "[2,3]")]
    [InlineData("Mean", "[2,3] [2,1] []")]
    [InlineData("Where", "bool[2,3]=1,0,1,0,0,1 [2,3] [2,3]")]
    [InlineData("Where", "@bool[2,3]=1,0,1,0,0,1 [3] [4,2,1]")]
    [InlineData("Where", "@bool[3]=1,0,1 [2,1] ~[2,3]")]
    [InlineData("Cast", "[2,3]", "to=11")]
    [InlineData("Cast", "f64[2,3]", "to=1")]
    [InlineData("CastLike", "[2,3] f64=1")]
    [InlineData("CastLike", "f64[2,3] f32=1")]
    [InlineData("Sum", "[2,3] [2,3] [1,3] [2,1] []")]
    [InlineData("Mean", "[4,1,1] [3,1] [2]")]
    [InlineData("Where", "@bool[2,1,1]=1,0 [3,1] [1,1,4]")]
    [InlineData("Where", "@bool[3]=1,0,1 f64[2,3] f64[3]")]
    [InlineData("Identity", "[2,3]")]
    [InlineData("Dropout", "[2,3]")]
    [InlineData("Dropout", "[2,3] f32=0.5 bool=0")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("Abs", "[3,4]")]
    [InlineData("Max", "[2,3]")]
    [InlineData("Max", "[2,3,4] [2,3,4]")]
    [InlineData("Max", "[2,3,1] [4] [3,4]")]
    [InlineData("Max", "[2,3] f32=0.0")]
    [InlineData("Min", "[2,3]")]
    [InlineData("Min", "[2,3] [4,1,1]")]
    [InlineData("Min", "[9] [9] [9]")]
    [InlineData("Min", "[2,3,1] [4] [3,4]")]
    [InlineData("Max", "f64[4,3] f64[3]")]
    [InlineData("Mod", "[2,3] f32=0.7", "fmod=1")]
    public void Kinked(string op, string inputs, string attributes = "") => GradientCheck.Kinked(op, inputs, attributes);

    [Theory]
    [InlineData("Div", "[2,3,4] [2,3,4]", "1..2")]
    [InlineData("Div", "[2,3,1] [4]", "1..2")]
    [InlineData("Div", "[2,3] +[3]", "-1..1")]
    [InlineData("Reciprocal", "[2,3]", "1..2")]
    [InlineData("Reciprocal", "[2,3]", "-2..-1")]
    [InlineData("Sqrt", "[2,3]", "1..2")]
    [InlineData("Exp", "[2,3]", "-2..2")]
    [InlineData("Log", "[2,3]", "1..2")]
    [InlineData("Erf", "[3,4]", "-2..2")]
    [InlineData("Sin", "[3,4]", "-3..3")]
    [InlineData("Cos", "[3,4]", "-3..3")]
    [InlineData("Tan", "[3,4]", "-1..1")]
    [InlineData("Asin", "[3,4]", "-0.75..0.75")]
    [InlineData("Acos", "[3,4]", "-0.75..0.75")]
    [InlineData("Atan", "[3,4]", "-3..3")]
    [InlineData("Sinh", "[3,4]", "-2..2")]
    [InlineData("Cosh", "[3,4]", "-2..2")]
    [InlineData("Asinh", "[3,4]", "-3..3")]
    [InlineData("Acosh", "[3,4]", "2..4")]
    [InlineData("Atanh", "[3,4]", "-0.5..0.5")]
    [InlineData("Div", "[4] [2,3,1]", "1..2")]
    [InlineData("Div", "f64[2,3] f64[3]", "1..2")]
    [InlineData("Mul", "[2,3] f32=0.5", "-1..1")]
    [InlineData("Pow", "[2,3] f32=2.0", "-1..1")]
    [InlineData("Pow", "[2,3] i32=3", "-1..1")]
    [InlineData("Pow", "[2,3] f32[3]=0,1,2", "-1..1")]
    [InlineData("Pow", "[2,3] f32=-2.0", "1..2")]
    [InlineData("Pow", "[2,3] f32=3.0", "-1..1")]
    [InlineData("Pow", "[2,3] i64=2", "-1..1")]
    [InlineData("Pow", "[2,3] f32=0.5", "1..2")]
    [InlineData("Pow", "[2,3] [2,3]", "1..2")]
    [InlineData("Pow", "[2,1] [3]", "1..2")]
    [InlineData("Pow", "+[2,3] [3]", "-1..1")]
    public void Smooth(string op, string inputs, string range) => GradientCheck.Smooth(op, inputs, "", range);

    [Fact]
    public void Powers_of_zero_have_finite_gradients()
    {
        Assert.Equal([1.0], Of((b, x) => b.Pow(x, 1)));
        Assert.Equal([0.0], Of((b, x) => b.Pow(x, 2)));
        Assert.Equal([0.0], Of((b, x) => b.Emit("Pow", [x, b.Constant(Tensor.Scalar(3L))])));
        Assert.Equal([0.0], Of((b, x) => b.Pow(x, 0)));
        Assert.Equal([double.PositiveInfinity], Of((b, x) => b.Pow(x, 0.5f)));
        Assert.Equal([double.PositiveInfinity], Of((b, x) => b.Sqrt(x)));
        // The exponent's gradient where the base is 0.
        Assert.Equal([0.0], TinyGraph.Gradient((b, p) => b.Emit("Pow", [b.Constant(0f), p]), Tensor.Of([2f], 1), [1]));

        static double[] Of(Func<GraphBuilder, Value, Value> function) => TinyGraph.Gradient(function, Tensor.Of([0f], 1), [1]);
    }

    [Theory]
    [InlineData("Max")]
    [InlineData("Min")]
    public void Equal_inputs_share_the_gradient_evenly(string op)
    {
        Tensor[] at = op == "Max"
            ? [Tensor.Of([1f, 2, 3], 3), Tensor.Of([1f, 2, -5], 3), Tensor.Of([1f, -7, -5], 3)]
            : [Tensor.Of([1f, 2, 3], 3), Tensor.Of([1f, 2, 5], 3), Tensor.Of([1f, 7, 5], 3)];
        using var graph = new TinyGraph((b, xs) => [b.Emit(op, xs)], at);
        var gradients = graph.Gradients(at, [Tensor.Of([6f, 4, 2], 3)]);
        Assert.Equal([2.0, 2, 2], gradients[0].ToDoubles());
        Assert.Equal([2.0, 2, 0], gradients[1].ToDoubles());
        Assert.Equal([2.0, 0, 0], gradients[2].ToDoubles());
    }

    [Fact]
    public void The_divisor_of_a_remainder_counts_as_often_as_it_was_taken_off()
    {
        var dividend = Tensor.Of([2.5f, -2.5f, 0.5f], 3);
        var found = TinyGraph.Gradient(
            (b, divisor) => b.Emit("Mod", [b.Constant(dividend), divisor], ("fmod", 1L)), Tensor.Of([1f, 1, 1], 3), [1, 1, 1]);
        Assert.Equal([-2.0, 2, 0], found);
    }

    [Fact]
    public void The_slope_of_abs_at_zero_is_zero() =>
        Assert.Equal([-1.0, 0, 1], TinyGraph.Gradient((b, x) => b.Abs(x), Tensor.Of([-2f, 0, 2], 3), [1, 1, 1]));
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class ReductionGradientTests
{
    [Theory]
    [InlineData("ReduceSum", "[2,3,4] i64[1]=1")]
    [InlineData("ReduceSum", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceSum", "[2,3,4]")]
    [InlineData("ReduceSum", "[2,3,4] -", "keepdims=0")]
    [InlineData("ReduceSum", "[2,3] i64[0]=", "noop_with_empty_axes=1")]
    [InlineData("ReduceSum", "[2,3]", "noop_with_empty_axes=1 keepdims=0")]
    [InlineData("ReduceMean", "[2,3,4] i64[1]=-2", "keepdims=0")]
    [InlineData("ReduceMean", "[2,3,4] i64[2]=1,2")]
    [InlineData("ReduceMean", "[2,3,4]")]
    [InlineData("ReduceMean", "[2,3]", "noop_with_empty_axes=1")]
    [InlineData("ReduceMean", "[2,3,4] i64[2]=0,-2", "keepdims=0")]
    [InlineData("ReduceMean", "[2,3,4,5] i64[2]=2,3", "keepdims=0")]
    [InlineData("ReduceMean", "[]")]
    [InlineData("ReduceMean", "f64[2,3] i64[1]=0")]
    [InlineData("GlobalAveragePool", "[2,3,4,5]")]
    [InlineData("GlobalAveragePool", "[2,3,4]")]
    [InlineData("GlobalAveragePool", "[1,2,2,3,4]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("ReduceMax", "[2,3,4] i64[1]=1")]
    [InlineData("ReduceMax", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceMax", "[2,3,4]", "keepdims=0")]
    [InlineData("ReduceMax", "[2,3]", "noop_with_empty_axes=1")]
    [InlineData("ReduceMin", "[2,3,4] i64[1]=-1")]
    [InlineData("ReduceMin", "[2,3,4]")]
    [InlineData("ReduceSumSquare", "[2,3,4] i64[1]=1")]
    [InlineData("ReduceSumSquare", "[2,3,4] i64[2]=0,2", "keepdims=0")]
    [InlineData("ReduceSumSquare", "[2,3,4]")]
    [InlineData("ReduceL1", "[2,3,4] i64[1]=1")]
    [InlineData("ReduceL1", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceL1", "[2,3,4]")]
    [InlineData("ReduceMin", "[2,3,4] i64[2]=-3,2", "keepdims=0")]
    [InlineData("ReduceMax", "f64[2,3] i64[1]=0")]
    [InlineData("GlobalMaxPool", "[2,3,4,4]")]
    [InlineData("GlobalMaxPool", "[2,3,7]")]
    [InlineData("GlobalMaxPool", "[1,2,2,3,4]")]
    public void Kinked(string op, string inputs, string attributes = "") => GradientCheck.Kinked(op, inputs, attributes);

    [Theory]
    [InlineData("ReduceL2", "[2,3,4] i64[1]=1", "")]
    [InlineData("ReduceL2", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceL2", "[2,3,4]", "keepdims=0")]
    [InlineData("ReduceLogSum", "[2,3,4] i64[1]=1", "")]
    [InlineData("ReduceLogSum", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceLogSumExp", "[2,3,4] i64[1]=1", "")]
    [InlineData("ReduceLogSumExp", "[2,3,4] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceLogSumExp", "[2,3]", "")]
    [InlineData("ReduceProd", "[2,3,4] i64[1]=1", "")]
    [InlineData("ReduceProd", "[2,2,3] i64[2]=0,-1", "keepdims=0")]
    [InlineData("ReduceProd", "[2,3]", "noop_with_empty_axes=1")]
    [InlineData("GlobalLpPool", "[2,3,4,5]", "")]
    [InlineData("GlobalLpPool", "[2,3,7]", "p=3")]
    [InlineData("GlobalLpPool", "[1,2,2,2,3]", "p=1")]
    public void Smooth(string op, string inputs, string attributes) => GradientCheck.Smooth(op, inputs, attributes, "1..2");

    [Fact]
    public void A_product_with_zeros_still_says_what_each_factor_would_change()
    {
        var x = Tensor.Of([2f, 0, 3, 0, 5, 0, 2, 3, 4], 3, 3);
        var found = TinyGraph.Gradient((b, value) => b.Emit("ReduceProd", [value, b.Longs(1)]), x, [1, 1, 2]);
        Assert.Equal([0.0, 6, 0, 0, 0, 0, 24, 16, 12], found);
    }

    [Fact]
    public void The_norm_of_zeros_has_gradient_zero()
    {
        var x = Tensor.Of([0f, 0, 3, -4], 1, 2, 2);
        Assert.Equal([0, 0, 0.6f, -0.8f], TinyGraph.Gradient((b, value) => b.Emit("ReduceL2", [value, b.Longs(2)]), x, [1, 1]).Select(d => (float)d));
        foreach (var (p, expected) in new[] { (1L, -1.0), (2L, -0.8f), (3L, -16 / Math.Pow(91, 2 / 3.0)) })
        {
            var found = TinyGraph.Gradient((b, value) => b.Emit("GlobalLpPool", [value], ("p", p)), x, [1, 1]);
            Assert.Equal([0.0, 0], found[..2]);
            Assert.Equal(expected, found[3], 1e-6);
        }
    }

    [Fact]
    public void Tied_extremes_of_a_reduction_share_and_of_a_pool_the_first_takes_all()
    {
        var x = Tensor.Of([3f, 5, 5, 1, 1, 1, 1, 2], 1, 2, 4);
        Assert.Equal([0.0, 3, 3, 0, 0, 0, 0, 4], Gradient((b, value) => b.ReduceMax(value, [2])));
        Assert.Equal([0, 0, 0, 6, 4 / 3f, 4 / 3f, 4 / 3f, 0], Gradient((b, value) => b.Emit("ReduceMin", [value, b.Longs(2)])));
        Assert.Equal([0.0, 6, 0, 0, 0, 0, 0, 4], Gradient((b, value) => b.Emit("GlobalMaxPool", [value])));

        double[] Gradient(Func<GraphBuilder, Value, Value> function) => TinyGraph.Gradient(function, x, [6, 4]);
    }
}

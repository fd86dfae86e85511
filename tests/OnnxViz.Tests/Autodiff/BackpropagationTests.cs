using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>What the walk does for all rules.</summary>
public class BackpropagationTests
{
    private static readonly Tensor Numbers = Tensor.Of([0.5f, -1, 2, 0.25f, 1, -0.5f], 2, 3);

    [Fact]
    public void A_value_used_twice_gets_both_gradients() =>
        GradientCheck.Function("x exp(x)", (b, xs) => [b.Mul(xs[0], b.Exp(xs[0]))], [Numbers]);

    [Fact]
    public void A_value_used_as_both_inputs_of_a_node_gets_both_gradients() =>
        Assert.Equal([1, -2, 4, 0.5, 2, -1], TinyGraph.Gradient((b, x) => b.Mul(x, x), Numbers, [1, 1, 1, 1, 1, 1]));

    [Fact]
    public void A_value_used_thrice_at_different_depths_gets_the_sum() =>
        GradientCheck.Function(
            "fan-out",
            (b, xs) =>
            {
                var s = b.Sigmoid(xs[0]);
                var t = b.Mul(s, b.Exp(xs[0]));
                return [b.Add(b.Add(t, b.Mul(t, s)), xs[0]), b.ReduceSum(t, [1])];
            },
            [Numbers]);

    [Fact]
    public void The_sigmoid_of_a_silu_may_have_other_uses() =>
        GradientCheck.Function(
            "gates",
            (b, xs) =>
            {
                var s = b.Sigmoid(xs[0]);
                return [b.Add(b.Mul(xs[0], s), b.Mul(s, s))];
            },
            [Numbers]);

    [Fact]
    public void A_broadcast_value_gets_the_sum_over_its_copies()
    {
        Tensor[] at = [Numbers, Tensor.Of([1f, 2, 3], 3), Tensor.Of([1f, 2], 2, 1)];
        using var graph = new TinyGraph((b, xs) => [b.Add(b.Add(xs[0], xs[1]), xs[2])], at);
        var gradients = graph.Gradients(at, [Tensor.Of([1f, 2, 3, 4, 5, 6], 2, 3)]);
        Assert.Equal([1.0, 2, 3, 4, 5, 6], gradients[0].ToDoubles());
        Assert.Equal([5.0, 7, 9], gradients[1].ToDoubles());
        Assert.Equal([6.0, 15], gradients[2].ToDoubles());
    }

    [Fact]
    public void A_branch_that_the_score_does_not_use_is_left_alone()
    {
        var found = TinyGraph.Gradient(
            (b, x) =>
            {
                WithoutRule(b, x);
                return b.Mul(x, 3);
            },
            Numbers,
            [1, 1, 1, 1, 1, 1]);
        Assert.Equal([3.0, 3, 3, 3, 3, 3], found);
    }

    [Fact]
    public void A_branch_that_does_not_depend_on_the_target_is_left_alone()
    {
        var b = new GraphBuilder();
        var (x, other) = (b.Input("x", ElementType.Float, 3), b.Input("other", ElementType.Float, 3));
        var y = b.Mul(x, WithoutRule(b, other));
        b.Output("dx", Gradients(b, y, x)[0]);
        Assert.Equal(
            [2 * 0.5, 0, -1],
            Run(b, "dx", ("other", Tensor.Of([0.5f, 0, -1], 3)), ("dy", Tensor.Of([2f, 1, 1], 3)), ("x", Tensor.Of([0f, 0, 0], 3))),
            (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void No_gradient_passes_a_constant()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 3);
        // What lies behind a constant is not even asked.
        var target = WithoutRule(b, b.ReduceMax(x, [0]));
        var miss = b.Sub(x, target);
        var y = b.Mul(miss, miss);
        var seeds = new Dictionary<Value, Value> { [y] = b.Constant(Tensor.Of([1f, 1, 1], 3)) };
        b.Output("dx", Backpropagation.Gradients(b, seeds, [x], GradientRules.Default, new HashSet<Value> { target })[0]);
        const double t = 0.75;
        Near.Each("2 (x - t)", [2 * (0.5 - t), 2 * (0.75 - t), 2 * (-1 - t)], Run(b, "dx", ("x", Tensor.Of([0.5f, 0.75f, -1], 3))), 1e-6);
    }

    [Fact]
    public void Two_seeds_add_up_even_when_one_lies_behind_the_other()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2);
        var first = b.Mul(x, 3);
        var second = b.Mul(first, first);
        var seeds = new Dictionary<Value, Value>
        {
            [first] = b.Constant(Tensor.Of([10f, 20], 2)),
            [second] = b.Constant(Tensor.Of([1f, 1], 2)),
        };
        var gradients = Backpropagation.Gradients(b, seeds, [x, first], GradientRules.Default);
        b.Output("dx", gradients[0]);
        b.Output("dfirst", gradients[1]);
        // d/dx (10 f + f^2), f = 3 x.
        Assert.Equal([48.0, 96], Run(b, "dx", ("x", Tensor.Of([1f, 2], 2))));
        Assert.Equal([16.0, 32], Run(b, "dfirst", ("x", Tensor.Of([1f, 2], 2))));
    }

    [Fact]
    public void The_gradient_of_a_value_with_respect_to_itself_is_the_seed()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2);
        var seed = b.Constant(Tensor.Of([5f, 6], 2));
        Assert.Same(seed, Backpropagation.Gradients(b, new Dictionary<Value, Value> { [x] = seed }, [x], GradientRules.Default)[0]);
    }

    [Fact]
    public void Indices_conditions_and_shapes_stop_gradients()
    {
        // The condition, the index and the size depend on x; what flows is what they select, times 6.
        var found = TinyGraph.Gradient(
            (b, x) =>
            {
                var best = b.Emit("ArgMax", [b.Reshape(x, -1)], ("axis", 0L), ("keepdims", 0L));
                var picked = b.Gather(b.Reshape(x, -1), best, 0);
                var size = b.Cast(b.Emit("Size", [x]), ElementType.Float);
                return b.Mul(b.Where(b.Greater(picked, b.Constant(0f)), picked, b.Neg(picked)), size);
            },
            Numbers,
            [1]);
        Assert.Equal([0.0, 0, 6, 0, 0, 0], found);
    }

    [Theory]
    [InlineData("", "'Det' (node 'n', opset 18)")]
    [InlineData("com.acme", "'com.acme.Relu' (node 'n', opset 18)")]
    public void A_missing_rule_is_a_sentence(string domain, string named)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2);
        var y = b.Node(domain.Length > 0 ? "Relu" : "Det", [x], name: "n", domain: domain)[0];
        (y.Type, y.Dims) = (ElementType.Float, [2]);
        var error = Assert.Throws<OnnxVizException>(() => Gradients(b, y, x));
        Assert.StartsWith($"No gradient rule for {named}, on the path from the image to the score.", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(Fault.Input, error.Fault);
    }

    [Fact]
    public void A_target_without_influence_is_an_error()
    {
        var b = new GraphBuilder();
        var (x, other) = (b.Input("x", ElementType.Float, 2), b.Input("other", ElementType.Float, 2));
        var independent = Assert.Throws<OnnxVizException>(() => Gradients(b, b.Exp(other), x));
        Assert.Equal("The score does not depend on 'x', or only through operators without a gradient.", independent.Message);
        var stopped = Assert.Throws<OnnxVizException>(() => Gradients(b, b.Emit("Floor", [x]), x));
        Assert.Equal(independent.Message, stopped.Message);
    }

    /// <summary>The same numbers, as the determinants of matrices of one element: an operator that has no rule.</summary>
    private static Value WithoutRule(GraphBuilder b, Value x)
    {
        var y = b.Emit("Det", [b.Unsqueeze(x, -2, -1)]);
        (y.Type, y.Dims) = (x.Type, x.Dims);
        return y;
    }

    private static Value[] Gradients(GraphBuilder b, Value y, params Value[] targets)
    {
        var seed = b.Input("dy", ElementType.Float, y.StaticDims());
        return Backpropagation.Gradients(b, new Dictionary<Value, Value> { [y] = seed }, targets, GradientRules.Default);
    }

    private static double[] Run(GraphBuilder b, string output, params (string Name, Tensor Value)[] inputs)
    {
        using var session = new Session(b.Build(), new RuntimeOptions(Device.Cpu, Threads: 1));
        return session.Run(inputs.ToDictionary())[output].ToDoubles();
    }
}

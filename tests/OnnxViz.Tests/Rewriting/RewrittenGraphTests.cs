using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Rewriting;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Rewriting;

/// <summary>The forms in which graphs run on the CPU, against the graphs as they were compiled.</summary>
public sealed class RewrittenGraphTests
{
    private const int Seed = 5;

    private static readonly RuntimeOptions Exact = RuntimeOptions.Default with { Exact = true };

    [Theory]
    [InlineData("Relu", 16, false)]
    [InlineData("Relu", 20, false)]
    [InlineData("Relu6", 32, false)]
    [InlineData("Relu", 16, true)]
    [InlineData("LeakyRelu", 16, false)]
    public void The_gradient_of_a_network_has_the_same_bits(string activation, int channels, bool pools)
    {
        var graph = Gradient(b =>
        {
            var random = new Random(Seed);
            var x = b.Input("x", ElementType.Float, 2, 3, 34, 36);
            var y = Activated(b, activation, Convolution(b, random, x, channels, 3));
            if (pools) y = b.Emit("MaxPool", [y], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
            return (x, Activated(b, activation, Convolution(b, random, y, channels, channels)));
        });
        var rewritten = CpuRewrites.Of(graph, _ => false);
        if (activation != "LeakyRelu") Assert.DoesNotContain(rewritten.Nodes, n => n.OpType == "Where" && Shapes.Count(n.Outputs[0].Dims) > 1 << 14);
        Equal(graph, rewritten, 0);
    }

    [Fact]
    public void A_gradient_that_may_be_infinite_is_chosen_not_multiplied()
    {
        var graph = Gradient(b =>
        {
            var x = b.Input("x", ElementType.Float, 1, 16, 40, 40);
            return (x, b.Sqrt(b.Relu(x)));
        });
        Assert.Same(graph, CpuRewrites.Of(graph, _ => true));
        var gradient = Run(graph)["gradient"].ToFloats();
        Assert.DoesNotContain(gradient, float.IsNaN);
    }

    [Theory]
    [InlineData(1, 3, 8, 8, 8, "1,1,1,1", true)]
    [InlineData(2, 7, 5, 13, 9, "1,1,1,1", true)]
    [InlineData(1, 4, 6, 6, 7, "0,0,0,0", false)]
    [InlineData(3, 5, 16, 17, 12, "2,2,2,2", true)]
    [InlineData(1, 6, 4, 11, 10, "0,1,2,0", false)]
    [InlineData(1, 16, 32, 1, 1, "1,1,1,1", true)]
    public void A_convolution_by_minimal_filtering_is_the_convolution(int batch, int from, int to, int height, int width, string pads, bool bias)
    {
        var random = new Random(Seed);
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, batch, from, height, width);
        var weight = b.Constant(TinyTensors.Random(ElementType.Float, random, to, from, 3, 3));
        Value?[] inputs = bias ? [x, weight, b.Constant(TinyTensors.Random(ElementType.Float, random, to))] : [x, weight];
        b.Output("y", b.Emit("Conv", inputs, ("pads", Array.ConvertAll(pads.Split(','), long.Parse))));
        var graph = b.Build();
        var rewritten = CpuRewrites.Of(graph, _ => true);
        Assert.DoesNotContain(rewritten.Nodes, n => n.OpType == "Conv");
        Equal(graph, rewritten, 2e-5);
    }

    [Theory]
    [InlineData("strides=[2,2]")]
    [InlineData("dilations=[2,2]")]
    [InlineData("group=2")]
    [InlineData("auto_pad=SAME_UPPER")]
    [InlineData("pads=[3,3,3,3]")]
    public void Other_convolutions_stay(string attributes)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 1, 4, 9, 9);
        var given = TextNode.Attributes(attributes);
        var weight = b.Constant(TinyTensors.Random(ElementType.Float, new Random(Seed), 4, given.ContainsKey("group") ? 2 : 4, 3, 3));
        b.Output("y", b.Node("Conv", [x, weight], given)[0]);
        var graph = b.Build();
        Assert.Same(graph, CpuRewrites.Of(graph, _ => true));
    }

    [Theory]
    [InlineData("0,0,0,0,0,0,1,1", true)]
    [InlineData("0,0,2,1,0,0,0,3", true)]
    [InlineData("0,0,-1,0,0,0,0,0", false)]
    [InlineData("0,1,0,0,0,0,0,0", false)]
    public void Zeros_around_a_convolution_are_its_padding(string pads, bool are)
    {
        var random = new Random(Seed);
        var around = Array.ConvertAll(pads.Split(','), long.Parse);
        var b = new GraphBuilder();
        var padded = b.Pad(b.Input("x", ElementType.Float, 2, 16, 9, 8), around);
        var channels = (int)padded.Dims![1];
        b.Output("y", b.Emit("Conv", [padded, b.Constant(TinyTensors.Random(ElementType.Float, random, channels, 1, 3, 3))], ("group", (long)channels), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 0, 1, 1, 0 })));
        var graph = b.Build();
        var rewritten = CpuRewrites.Of(graph, _ => false);
        Assert.Equal(are, !rewritten.Nodes.Exists(n => n.OpType == "Pad"));
        Equal(graph, rewritten, 1e-6);
    }

    [Fact]
    public void Names_of_inputs_outputs_and_values_that_stay_are_kept()
    {
        var graph = Gradient(b =>
        {
            var x = b.Input("x", ElementType.Float, 1, 16, 32, 32);
            return (x, b.Relu(Convolution(b, new Random(Seed), x, 16, 16)));
        });
        var rewritten = CpuRewrites.Of(graph, _ => true);
        Assert.Equal(graph.Inputs, rewritten.Inputs);
        Assert.Equal(graph.Outputs.Select(o => o.Name), rewritten.Outputs.Select(o => o.Name));
        Assert.Equal(rewritten.Values().Select(v => v.Name).Distinct().Count(), rewritten.Values().Count());
        Assert.NotSame(graph.Outputs[0], rewritten.Outputs[0]);
        Assert.All(graph.Nodes, n => Assert.All(n.Outputs, o => Assert.Same(n, o.Producer)));
    }

    private static Value Convolution(GraphBuilder b, Random random, Value x, int to, int from) => b.Emit(
        "Conv", [x, b.Constant(TinyTensors.Random(ElementType.Float, random, to, from, 3, 3)), b.Constant(TinyTensors.Random(ElementType.Float, random, to))],
        ("pads", new long[] { 1, 1, 1, 1 }));

    private static Value Activated(GraphBuilder b, string activation, Value x) => activation == "Relu6"
        ? b.Emit("Clip", [x, b.Scalar(0), b.Scalar(6)])
        : b.Emit(activation, [x]);

    /// <summary>A score and its gradient, in one graph.</summary>
    private static Graph Gradient(Func<GraphBuilder, (Value X, Value Y)> function)
    {
        var b = new GraphBuilder();
        var (x, y) = function(b);
        var seed = b.Input("seed", ElementType.Float, y.StaticDims());
        b.Output("gradient", Backpropagation.Gradients(b, new Dictionary<Value, Value> { [y] = seed }, [x], GradientRules.Default)[0]);
        b.Output("y", y);
        return b.Build();
    }

    private static void Equal(Graph expected, Graph actual, double tolerance)
    {
        var (right, found) = (Run(expected), Run(actual));
        Assert.Equal(right.Keys, found.Keys);
        foreach (var (name, tensor) in right) Near.Each(name, tensor.ToDoubles(), found[name].ToDoubles(), tolerance, Seed);
    }

    private static IReadOnlyDictionary<string, Tensor> Run(Graph graph)
    {
        var random = new Random(Seed + 1);
        using var session = new Session(graph, Exact);
        return session.Run(graph.Inputs.ToDictionary(i => i.Name, i => TinyTensors.Random(ElementType.Float, random, i.Dims!)));
    }
}

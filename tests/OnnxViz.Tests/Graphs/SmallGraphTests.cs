using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Naming;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>A few nodes that would make very much of nothing, and very many that must cost each the same.</summary>
public class SmallGraphTests
{
    [Fact]
    public void Constants_that_double_stay_nodes_before_they_are_large()
    {
        var b = new GraphBuilder();
        var shape = b.Longs(1, 3, 16, 16);
        for (var i = 0; i < 30; i++) shape = b.Concat(0, shape, shape);
        Assert.Null(shape.Constant);
        Assert.Equal(4L << 30, shape.StaticDims()[0]);
        Assert.InRange(b.Graph.Nodes.Count, 5, 15);
    }

    [Fact]
    public void Many_constants_share_what_there_is()
    {
        var b = new GraphBuilder();
        var made = Enumerable.Range(0, 100).Select(i => b.Expand(b.Constant(i), 1000, 1000)).ToList();
        Assert.InRange(made.Count(v => v.Constant is not null), 50, 80);
    }

    [Theory]
    [InlineData("Tile", 1L << 40)]
    [InlineData("Tile", long.MaxValue)]
    [InlineData("Tile", -1)]
    [InlineData("Expand", long.MaxValue)]
    [InlineData("ConstantOfShape", 1L << 62)]
    [InlineData("Resize", long.MaxValue)]
    [InlineData("Resize", -5)]
    public void Sizes_beyond_all_memory_are_refused_with_the_node(string op, long size)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2, 3, 4, 5);
        var sizes = b.Longs(size, size, size, size);
        Value?[] inputs = op switch { "ConstantOfShape" => [sizes], "Resize" => [x, null, null, sizes], _ => [x, sizes] };
        Assert.Contains($"{op} node", Assert.Throws<OnnxVizException>(() => b.Node(op, inputs, name: "n")).Message);
    }

    [Theory]
    [InlineData("Gather", "axis", 7L)]
    [InlineData("Flatten", "axis", long.MinValue)]
    [InlineData("GatherND", "batch_dims", long.MaxValue)]
    [InlineData("GatherND", "batch_dims", -1L)]
    [InlineData("DepthToSpace", "blocksize", 60000L)]
    [InlineData("OneHot", "axis", -9L)]
    public void Attributes_out_of_range_are_refused_with_the_node(string op, string attribute, long number)
    {
        var b = new GraphBuilder();
        Value[] inputs = op == "OneHot" ? [b.Longs(1, 2), b.Longs(3), b.Longs(0, 1)] : op.StartsWith('G') ? [b.Input("x", ElementType.Float, 2, 8, 4, 5), b.Longs(0)] : [b.Input("x", ElementType.Float, 2, 8, 4, 5)];
        Assert.Contains($"{op} node", Assert.Throws<OnnxVizException>(() => b.Emit(op, inputs, (attribute, number))).Message);
    }

    [Fact]
    public void What_is_computed_late_still_names_its_node()
    {
        var b = new GraphBuilder();
        var y = b.Gather(b.Constant(Tensor.Longs([.. Enumerable.Range(0, 100)])), b.Constant(Tensor.Longs([.. Enumerable.Repeat(500L, 100)])), 0);
        Assert.Contains("Gather node 'Gather' cannot be computed: Index 500 is outside", Assert.Throws<OnnxVizException>(() => y.Constant!.Bytes).Message);
    }

    [Fact]
    public void A_fault_of_a_rule_is_one_of_the_node()
    {
        var node = new Node("Op", "n", [], []);
        Assert.Contains("Op node 'n' cannot be read", Assert.Throws<OnnxVizException>(() => Malformed.Guard(node, "read", () => node.Inputs[3])).Message);
        Assert.Throws<IOException>(() => Malformed.Guard<int>(node, "read", () => throw new IOException()));
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("skips")]
    [InlineData("modules")]
    public void Names_of_layers_cost_each_node_the_same(string kind)
    {
        _ = LayerTable.For(Network(kind, 20));
        var (small, large) = (Network(kind, 1000), Network(kind, 4000));
        var (few, many) = (SmallStack.Work(() => LayerTable.For(small)), SmallStack.Work(() => LayerTable.For(large)));
        Assert.InRange(many, few, 8 * few);
    }

    [Fact]
    public void Far_skips_meet_in_few_steps() => SmallStack.Run(() =>
    {
        var flow = DataFlow.Of(Network("skips", 60_000));
        var dominators = new PostDominators(flow);
        Assert.Equal(flow.Nodes[^1], dominators.Next(flow.Nodes[0]));
        Assert.Equal(flow.Nodes[^1], dominators.Meeting(flow.Nodes));
    });

    /// <summary>One node after the other; of "skips" all of them lead to the last as well; of "modules" each two are a part with weights of its own.</summary>
    private static Graph Network(string kind, int length)
    {
        var x = new Value("x") { Type = ElementType.Float, Dims = [1, 3, 8, 8] };
        var graph = new Graph { Inputs = [x] };
        var values = new List<Value> { x };
        for (var i = 0; i < length; i++)
        {
            var y = new Value($"t{i}") { Type = ElementType.Float, Dims = x.Dims };
            var weight = new Value($"m.{i / 2}.c{i % 2}.weight") { Constant = Tensor.Of(new float[9], 3, 3, 1, 1), Type = ElementType.Float, Dims = [3, 3, 1, 1] };
            graph.Nodes.Add(kind == "modules" ? new Node("Conv", $"n{i}", [values[^1], weight], [y]) : new Node(kind == "chain" ? "Identity" : "Relu", $"n{i}", [values[^1]], [y]));
            values.Add(y);
        }

        var last = new Value("y") { Type = ElementType.Float, Dims = x.Dims };
        graph.Nodes.Add(kind == "skips" ? new Node("Sum", "sum", [.. values], [last]) : new Node("Relu", "last", [values[^1]], [last]));
        graph.Outputs.Add(last);
        return graph;
    }
}

using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Inference;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>A file may hold chains of any length: work grows with them, not with their square or a power, and no stack overflows.</summary>
public class LongChainTests
{
    private const int Long = 60_000;

    [Theory]
    [InlineData("Cast")]
    [InlineData("Identity")]
    [InlineData("Add")]
    [InlineData("Concat")]
    public void The_numbers_of_a_chain_are_found_without_recursion(string op) => SmallStack.Run(() =>
    {
        var value = Open(ElementType.Int64, 2);
        for (var i = 0; i < Long; i++) value = Next(op, value);
        Assert.Equal(2, ShapeArithmetic.Of(value)!.Length);
    });

    [Theory]
    [InlineData("Relu")]
    [InlineData("Add")]
    [InlineData("Reshape")]
    public void The_open_dimensions_of_a_chain_are_found_without_recursion(string op) => SmallStack.Run(() =>
    {
        var first = Open(ElementType.Float, -1, 3);
        var value = first;
        for (var i = 0; i < Long; i++) value = Next(op, value);
        Assert.Equal(first, DimensionNames.Of(value, 0).First);
    });

    [Fact]
    public void A_region_with_a_long_side_chain_is_no_activation() => SmallStack.Run(() =>
    {
        var x = Open(ElementType.Float, 1, 3);
        var side = x;
        for (var i = 0; i < Long; i++) side = Next("Relu", side);
        var y = Node("Mul", [Next("Sigmoid", x), side], ElementType.Float, 1, 3);
        Assert.Null(ReluLike.Of(y.Producer!));
    });

    [Theory]
    [InlineData("Relu")]
    [InlineData("Add")]
    public void Constants_that_wait_for_one_another_are_read_without_recursion(string op) => SmallStack.Run(() =>
    {
        var builder = new GraphBuilder();
        var value = builder.Constant(Tensor.Of(new float[100], 100));
        for (var i = 0; i < 20_000; i++) value = builder.Emit(op, op == "Add" ? [value, value] : [value]);
        Assert.Equal(new float[100], value.Constant!.ToFloats());
    });

    [Theory]
    [InlineData("Cast")]
    [InlineData("Add")]
    [InlineData("Mul")]
    [InlineData("Concat")]
    [InlineData("Slice")]
    [InlineData("Gather")]
    public void Work_grows_with_the_length(string op)
    {
        Build(20);
        var (few, many) = (SmallStack.Work(() => Build(500)), SmallStack.Work(() => Build(2000)));
        Assert.InRange(many, few, 6 * few);

        void Build(int length)
        {
            var builder = new GraphBuilder();
            // The count of what NonZero finds is known to nobody.
            var found = builder.Emit("NonZero", [builder.Input("x", ElementType.Float, 4, 4)]);
            var s = builder.Emit("Shape", [found]);
            for (var i = 0; i < length; i++)
            {
                s = op switch
                {
                    "Cast" => builder.Cast(s, s.Type == ElementType.Int64 ? ElementType.Int32 : ElementType.Int64),
                    "Concat" => builder.Slice(builder.Concat(0, s, s), [1], [3], [0]),
                    "Slice" => builder.Slice(s, [0], [2], [0]),
                    "Gather" => builder.Gather(s, builder.Longs(1, 0), 0),
                    _ => builder.Emit(op, [s, s]),
                };
            }
        }
    }

    [Fact]
    public void Work_grows_with_the_number_of_nodes_that_are_called_the_same()
    {
        var (few, many) = (SmallStack.Work(() => Build(500)), SmallStack.Work(() => Build(2000)));
        Assert.InRange(many, few, 6 * few);

        static void Build(int length)
        {
            var builder = new GraphBuilder();
            var value = builder.Input("x", ElementType.Float, 4);
            for (var i = 0; i < length; i++) value = builder.Node("Relu", [value], name: "same")[0];
            Assert.Equal($"same_{length}", builder.Graph.Nodes[^1].Name);
        }
    }

    [Fact]
    public void A_part_of_a_graph_does_not_walk_the_rest()
    {
        var value = Open(ElementType.Float, 2);
        for (var i = 0; i < Long; i++) value = Next("Relu", value);
        var part = new Graph { Nodes = [value.Producer!] };
        Assert.InRange(SmallStack.Work(() => Assert.Single(part.NodesFor([value]))), 0, 100_000);
    }

    private static Value Next(string op, Value x) => op switch
    {
        "Add" => Node(op, [x, x], x.Type, x.Dims!),
        // Half of both: as long as the value itself.
        "Concat" => Node("Slice", [Node(op, [x, x], x.Type, 4), Constant(1), Constant(3), Constant(0)], x.Type, 2),
        "Reshape" => Node(op, [x, Node("Shape", [x], ElementType.Int64, 2)], x.Type, x.Dims!),
        _ => Node(op, [x], x.Type, x.Dims!),
    };

    private static Value Node(string op, Value[] inputs, ElementType type, params long[] dims)
    {
        var y = new Value("y") { Type = type, Dims = dims };
        _ = new Node(op, op, inputs, [y], op == "Concat" ? new Dictionary<string, object> { ["axis"] = 0L } : null);
        return y;
    }

    private static Value Open(ElementType type, params long[] dims) => new("x") { Type = type, Dims = dims };

    private static Value Constant(long number) => new("c") { Type = ElementType.Int64, Dims = [1], Constant = Tensor.Longs(number) };
}

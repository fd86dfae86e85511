using System.Runtime.InteropServices;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Chains of nodes as exporters write them, through the builder.</summary>
public class FoldingInBuilderTests
{
    private readonly GraphBuilder _builder = new();

    [Fact]
    public void What_is_computed_twice_is_the_same_twice()
    {
        var range = _builder.Emit("Range", [_builder.Constant(Tensor.Scalar(3L)), _builder.Constant(Tensor.Scalar(43L)), _builder.Constant(Tensor.Scalar(1L))]);
        long[] expected = [.. Enumerable.Range(3, 40).Select(i => (long)i)];
        for (var time = 0; time < 2; time++) Assert.Equal(expected, MemoryMarshal.Cast<byte, long>(range.Constant!.Read()).ToArray());
    }

    [Fact]
    public void Flattening_by_a_computed_shape_becomes_a_constant_one()
    {
        var y = Flattened(_builder.Input("x", ElementType.Float, 2, 3, 4, 5));
        Assert.Equal([2, 60], y.StaticDims());
        Assert.Equal(["Reshape"], _builder.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal([2, -1], y.Producer!.Inputs[1]!.Constant!.ToLongs());
    }

    [Fact]
    public void Flattening_an_open_batch_knows_what_is_not_the_batch()
    {
        var y = Flattened(_builder.Input("x", ElementType.Float, Shapes.Unknown, 3, 4, 5));
        Assert.Equal([Shapes.Unknown, 60], y.Dims!);
    }

    [Fact]
    public void A_known_dimension_of_an_open_shape_is_a_constant()
    {
        var x = _builder.Input("x", ElementType.Float, Shapes.Unknown, 3, 4);
        var channels = _builder.Gather(_builder.Emit("Shape", [x]), _builder.Constant(Tensor.Scalar(1L)), 0);
        var halves = _builder.Div(channels, _builder.Constant(Tensor.Scalar(2L)));
        Assert.Equal([1], halves.Constant!.ToLongs());
        Assert.Empty(halves.Dims!);
    }

    [Fact]
    public void A_cast_weight_is_read_when_somebody_asks_and_kept_once()
    {
        var reads = 0;
        var stored = new Tensor(ElementType.Float16, [64], () =>
        {
            reads++;
            return new byte[128];
        });
        var weight = _builder.Cast(_builder.Constant(stored, "w"), ElementType.Float);
        var flipped = _builder.Slice(weight, [-1], [long.MinValue], [0], [-1]);
        Assert.Equal(0, reads);
        Assert.Equal(64, flipped.Constant!.ToFloats().Length);
        Assert.Equal(64, weight.Constant!.ToFloats().Length);
        Assert.Equal(64, flipped.Constant!.ToFloats().Length);
        Assert.InRange(reads, 1, 2);
    }

    [Fact]
    public void A_constant_that_passes_through_stays_the_same_value()
    {
        var weight = _builder.Constant(Tensor.Of(new float[100], 100), "w");
        Assert.Same(weight, _builder.Emit("Identity", [weight]));
        Assert.Same(weight, _builder.Emit("Cast", [weight], ("to", (long)ElementType.Float)));
        Assert.Same(weight, _builder.Reshape(weight, 100));
    }

    [Fact]
    public void A_chain_of_sums_is_not_computed_again_and_again()
    {
        var x = _builder.Constant(Tensor.Of(Enumerable.Repeat(1f, 100).ToArray(), 100));
        for (var i = 0; i < 60; i++) x = _builder.Add(x, x);
        Assert.Equal(MathF.Pow(2, 60), x.Constant!.ToFloats()[99]);
    }

    private Value Flattened(Value x)
    {
        var batch = _builder.Gather(_builder.Emit("Shape", [x]), _builder.Constant(Tensor.Scalar(0L)), 0);
        var shape = _builder.Concat(0, _builder.Unsqueeze(batch, 0), _builder.Longs(-1));
        return _builder.Emit("Reshape", [x, shape]);
    }
}

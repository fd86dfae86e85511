using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Inference;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>What stays known of shapes while the batch is open.</summary>
public class SymbolicDimTests
{
    private readonly GraphBuilder _builder = new();

    /// <summary>ShuffleNet: x.view(b, 2, c / 2, h, w).transpose(1, 2).view(b, -1, h, w), with b from x.</summary>
    [Fact]
    public void A_channel_shuffle_keeps_its_channels()
    {
        var x = Input(6, 4, 4);
        var batch = Batch(x);
        var halves = Reshape(x, batch, 2, 3, 4, 4);
        var back = Reshape(_builder.Transpose(halves, 0, 2, 1, 3, 4), batch, -1, 4, 4);
        Assert.Equal([Shapes.Unknown, 6, 4, 4], back.Dims!);
    }

    [Fact]
    public void A_batch_is_followed_through_convolutions_branches_and_normalisations()
    {
        var x = Input(3, 8, 8);
        var y = _builder.Emit("Conv", [x, _builder.Constant(Tensor.Of(new float[27], 1, 3, 3, 3))], ("pads", new long[] { 1, 1, 1, 1 }));
        y = _builder.Pad(_builder.Add(_builder.Relu(y), _builder.Mul(y, 2)), [0, 0, 1, 1, 0, 0, 0, 0]);
        y = _builder.Concat(1, y, _builder.Emit("MaxPool", [y], ("kernel_shape", new long[] { 1, 1 })));
        y = _builder.ReduceMean(_builder.Slice(y, [0], [1], [1]), [2, 3]);
        Assert.Equal(new SymbolicDim(x, 0), DimensionNames.Of(y, 0));
        Assert.Equal([Shapes.Unknown, 1], Reshape(y, Batch(x), -1).Dims!);
    }

    /// <summary>[batch * 4, 2, 3] has as many rows as nobody knows: batch is not one of its dimensions.</summary>
    [Fact]
    public void A_batch_merged_with_another_dimension_is_a_new_one()
    {
        var x = Input(4, 2, 3);
        var merged = _builder.Reshape(x, -1, 2, 3);
        Assert.Equal([Shapes.Unknown, Shapes.Unknown], Reshape(merged, Batch(x), -1).Dims!);
        Assert.NotEqual(DimensionNames.Of(x, 0), DimensionNames.Of(merged, 0));
    }

    [Fact]
    public void Two_inputs_have_batches_of_their_own()
    {
        var (x, z) = (Input(4), Input(4));
        Assert.Equal([Shapes.Unknown, Shapes.Unknown], Reshape(x, Batch(z), -1).Dims!);
        Assert.Equal([Shapes.Unknown, 4], Reshape(x, Batch(x), -1).Dims!);
    }

    private Value Input(params long[] dims) => _builder.Input("x", ElementType.Float, [Shapes.Unknown, .. dims]);

    private Value Batch(Value x) => _builder.Gather(_builder.Emit("Shape", [x]), _builder.Longs(0), 0);

    private Value Reshape(Value x, Value batch, params long[] rest) =>
        _builder.Emit("Reshape", [x, _builder.Concat(0, batch, _builder.Longs(rest))]);
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>Operators that read or write at places given by indices.</summary>
public class PlaceGradientTests
{
    [Theory]
    [InlineData("Gather", "[3,4] i64=1")]
    [InlineData("Gather", "[3,4] i64=-1", "axis=1")]
    [InlineData("Gather", "[3,4] i64[1]=2", "axis=-1")]
    [InlineData("Gather", "[3,4,2] i64[1,1]=-2", "axis=1")]
    [InlineData("Gather", "[3,4,2] i64[4]=0,2,0,-1", "axis=1")]
    [InlineData("Gather", "[3,2] i64[2,3]=0,1,2,2,2,0")]
    [InlineData("Gather", "[2,3,2] i64[3]=2,-2,0", "axis=1")]
    [InlineData("Gather", "[2,3,2] i64[3]=2,1,2", "axis=1")]
    [InlineData("Gather", "[3,4] @i64[3]=3,-4,3", "axis=1")]
    [InlineData("Gather", "[3,4] @i64=2")]
    [InlineData("Gather", "[3,4] @i32[2]=2,-3")]
    [InlineData("GatherElements", "[3,2] i64[2,2]=0,2,1,-3")]
    [InlineData("GatherElements", "[2,3] i64[2,4]=0,2,2,1,-1,0,0,0", "axis=1")]
    [InlineData("GatherElements", "[2,3,2] @i32[1,2,2]=0,1,1,-2", "axis=-1")]
    [InlineData("GatherND", "[2,3] i64[2,2]=0,1,-1,2")]
    [InlineData("GatherND", "[2,3,2] i64[3,1]=1,0,1")]
    [InlineData("GatherND", "[2,3,2] i64[2,1]=1,-3", "batch_dims=1")]
    [InlineData("GatherND", "[2,3,2] i64[2,2,1]=1,0,1,1", "batch_dims=1")]
    [InlineData("GatherND", "[2,3,2,2] i64[2,3,1]=1,0,1,0,0,-1", "batch_dims=2")]
    [InlineData("GatherND", "[2,3,4] @i64[2,2]=1,3,2,0", "batch_dims=1")]
    [InlineData("Compress", "[3,2] bool[3]=0,1,1", "axis=0")]
    [InlineData("Compress", "[3,4] bool[2]=0,1", "axis=-1")]
    [InlineData("Compress", "[3,2] bool[5]=1,0,0,1,1")]
    [InlineData("ScatterElements", "[3,2] i64[2,2]=0,2,1,-3 [2,2]")]
    [InlineData("ScatterElements", "[2,3] i64[2,2]=0,2,1,0 [2,2]", "axis=1 reduction=none")]
    [InlineData("ScatterElements", "[2,3] i64[2,4]=0,2,2,1,-1,0,0,0 [2,4]", "axis=-1 reduction=add")]
    [InlineData("ScatterElements", "[2,3] @i64[1,2]=1,0 [1,2]")]
    [InlineData("ScatterElements", "~[2,3] i64[1,2]=1,0 [1,2]")]
    [InlineData("ScatterND", "[4] i64[2,1]=3,-4 [2]")]
    [InlineData("ScatterND", "[3,2,2] i64[2,1]=2,0 [2,2,2]")]
    [InlineData("ScatterND", "[3,2] i64[3,2]=2,0,2,0,1,1 [3]", "reduction=add")]
    [InlineData("ScatterND", "[3,2] @i64[2,1]=1,1 [2,2]", "reduction=add")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("TopK", "[2,5] i64[1]=2", "", 2)]
    [InlineData("TopK", "[4,3] i64[1]=3", "axis=0 largest=0", 2)]
    [InlineData("TopK", "[2,3,3] i64[1]=1", "axis=-2 sorted=0", 2)]
    public void Kinked(string op, string inputs, string attributes, int outputs) => GradientCheck.Kinked(op, inputs, attributes, outputs: outputs);

    /// <summary>Query, key and value as Swin Transformer picks them; ONNX Runtime moves the Transpose across what puts them back.</summary>
    [Fact]
    public void Parts_of_a_transposed_tensor_go_back_to_their_places()
    {
        var gradient = TinyGraph.Gradient(
            (b, x) =>
            {
                var parts = b.Transpose(b.Reshape(x, 1, 2, 3, 2, 1), 2, 0, 3, 1, 4);
                return b.Add(b.Mul(Part(0), Part(1)), Part(2));

                Value Part(long i) => b.Gather(parts, b.Constant(Tensor.Scalar(i)), 0);
            },
            Tensor.Of([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 2, 6),
            [1, 10, 100, 1000]);
        Assert.Equal([3, 400, 1, 200, 1, 100, 90, 10000, 70, 8000, 10, 1000], gradient);
    }

    [Fact]
    public void Pads_are_written_for_all_axes()
    {
        var b = new GraphBuilder();
        var padded = b.Pad(b.Input("x", ElementType.Float, [2, 3]), b.Longs(1, 2), [-1]);
        Assert.Equal([2L, 6], padded.Dims!);
        Assert.Null(padded.Producer!.Input(3));
        Assert.Equal([0L, 1, 0, 2], padded.Producer.Input(1)!.Constant!.ToLongs());
    }

    [Fact]
    public void Overwriting_by_a_maximum_is_refused_by_name()
    {
        var error = Assert.Throws<OnnxVizException>(() => GradientCheck.Linear("ScatterElements", "[3,2] i64[1,2]=0,2 [1,2]", "reduction=max"));
        Assert.Contains("node 'node'", error.Message);
        Assert.Contains("'max'", error.Message);
    }
}

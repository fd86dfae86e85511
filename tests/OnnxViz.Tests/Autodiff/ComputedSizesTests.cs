using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>What steers an operator may follow from the size of the picture, as exporters of open sizes write it.</summary>
public class ComputedSizesTests
{
    [Theory]
    [InlineData("first half")]
    [InlineData("last third")]
    [InlineData("reversed half")]
    [InlineData("cropped")]
    [InlineData("padded to a square")]
    [InlineData("padded by its own border")]
    [InlineData("middle row")]
    [InlineData("split in two")]
    [InlineData("tiled")]
    [InlineData("flattened")]
    [InlineData("resized to the size of another")]
    [InlineData("scaled")]
    public void Gradients_follow(string what) =>
        GradientCheck.Function(what, (b, xs) => [Emit(b, what, xs[0])], [TinyTensors.Random(ElementType.Float, new Random(1), 2, 3, 4, 6)]);

    private static Value Emit(GraphBuilder b, string what, Value x)
    {
        var (h, w, zero) = (b.Size(x, 2), b.Size(x, 3), b.Longs(0));
        var half = b.Div(w, b.Longs(2));
        return what switch
        {
            "first half" => b.Slice(x, zero, half, [3]),
            "last third" => b.Slice(x, b.Neg(b.Div(w, b.Longs(3))), w, [-1]),
            "reversed half" => b.Slice(x, b.Neg(half), b.Longs(0), [3], [-1]),
            "cropped" => b.Pad(x, b.Join(b.Longs(0, 0, -1), b.Neg(b.Div(half, b.Longs(2))), b.Longs(0, 0, 0), b.Sub(b.Longs(2), half))),
            "padded to a square" => b.Pad(x, b.Join(b.Longs(0, 0, 0, 0, 0, 0), b.Sub(w, h), zero)),
            "padded by its own border" => b.Emit("Pad", [x, b.Join(half, half), null, b.Longs(3)], ("mode", "reflect")),
            "middle row" => b.Gather(x, b.Div(h, b.Longs(2)), 2),
            "split in two" => b.Node("Split", [x, b.Join(half, b.Sub(w, half))], new Dictionary<string, object> { ["axis"] = 3L }, 2)[1],
            "tiled" => b.Emit("Tile", [x, b.Join(b.Longs(1, 1), b.Sub(w, h), b.Longs(3))]),
            "flattened" => b.Reshape(x, b.Join(b.Size(x, 0), b.Longs(3), b.Mul(h, w))),
            "resized to the size of another" => Resized(null, b.Join(b.SizesOf(x, 0, 1), b.Add(h, half), w)),
            "scaled" => Resized(b.Concat(0, b.Constant(Tensor.Of([1f, 1], 2)), b.Div(b.Constant(Tensor.Of([9f, 8], 2)), Float(b.SizesOf(x, 2, 3)))), null),
            _ => throw new ArgumentException(what),
        };

        Value Resized(Value? scales, Value? sizes) => b.Emit("Resize", [x, null, scales, sizes], ("mode", "linear"));

        Value Float(Value value) => b.Cast(value, ElementType.Float);
    }
}

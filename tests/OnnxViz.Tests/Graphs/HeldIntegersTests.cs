using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Bytes that are moved, chosen among and cast on their way to floats: the same numbers as ONNX Runtime's, and the gradient of what is done to them.</summary>
public class HeldIntegersTests
{
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Ways = new()
    {
        ["Cast"] = (b, x) => x,
        ["Identity"] = (b, x) => b.Emit("Identity", [x]),
        ["Transpose"] = (b, x) => b.Transpose(x, 0, 2, 3, 1),
        ["Reshape"] = (b, x) => b.Reshape(x, 1, 6, 8),
        ["Flatten"] = (b, x) => b.Emit("Flatten", [x]),
        ["Squeeze, Unsqueeze"] = (b, x) => b.Unsqueeze(b.Squeeze(x, 0), 1),
        ["Slice"] = (b, x) => b.Slice(x, [1, 3], [4, -5], [2, 3], [1, -2]),
        ["Gather"] = (b, x) => b.Gather(x, b.Longs(2, 1, 0), 1),
        ["GatherElements"] = (b, x) => b.Emit("GatherElements", [x, b.Constant(Tensor.Of([2L, 0, 1, 1], 1, 1, 2, 2))], ("axis", 1L)),
        ["Concat with itself"] = (b, x) => b.Concat(1, x, x),
        ["Concat with a constant"] = (b, x) => b.Concat(1, x, Bytes(b, 1, 1, 4, 4)),
        ["Concat with others that are computed"] = (b, x) => b.Concat(1, x, b.Cast(b.Greater(x, Byte(b, 90)), ElementType.UInt8)),
        ["Pad"] = (b, x) => b.Emit("Pad", [x, b.Longs(0, 0, 1, 1, 0, 0, 0, 2), Byte(b, 114)]),
        ["Pad by the edge"] = (b, x) => b.Emit("Pad", [x, b.Longs(0, 0, 1, 1, 0, 0, 0, 2)], ("mode", "edge")),
        ["Split"] = (b, x) => b.Node("Split", [x, b.Longs(1, 2)], new Dictionary<string, object> { ["axis"] = 1L }, 2)[1],
        ["Resize"] = (b, x) => b.Emit("Resize", [x, null, b.Constant(Tensor.Of([1f, 1, 2, 1.5f], 4))], ("mode", "nearest")),
        ["Expand"] = (b, x) => b.Expand(b.Slice(x, [0], [1], [1]), 1, 3, 4, 4),
        ["Tile"] = (b, x) => b.Emit("Tile", [x, b.Longs(1, 2, 1, 1)]),
        ["SpaceToDepth"] = (b, x) => b.Emit("SpaceToDepth", [x], ("blocksize", 2L)),
        ["DepthToSpace"] = (b, x) => b.Emit("DepthToSpace", [b.Reshape(x, 1, 12, 2, 2)], ("blocksize", 2L)),
        ["Where"] = (b, x) => b.Where(b.Greater(x, Byte(b, 90)), x, Byte(b, 7)),
        ["Clip"] = (b, x) => b.Emit("Clip", [x, Byte(b, 16), Byte(b, 235)]),
        ["MaxPool"] = (b, x) => b.Emit("MaxPool", [x], ("kernel_shape", new long[] { 2, 2 })),
        ["a list"] = (b, x) => b.Emit("ConcatFromSequence", [b.Emit("SplitToSequence", [b.Cast(x, ElementType.Int32), b.Constant(Tensor.Scalar(2L))], ("axis", 1L))], ("axis", 1L)),
        ["Cast to int32"] = (b, x) => b.Cast(x, ElementType.Int32),
        ["Cast to int8, which has no room"] = (b, x) => b.Cast(x, ElementType.Int8),
        ["Cast to int8 and back"] = (b, x) => b.Cast(b.Cast(x, ElementType.Int8), ElementType.UInt8),
        ["Cast to int16 and moved"] = (b, x) => b.Transpose(b.Cast(x, ElementType.Int16), 0, 2, 3, 1),
        ["CastLike"] = (b, x) => b.Emit("CastLike", [x, b.Longs(1)]),
        ["int64 less a mean"] = (b, x) => b.Mul(b.Sub(b.Cast(x, ElementType.Int64), b.Longs(128)), b.Longs(3)),
        ["moved, cast, moved, cast"] = (b, x) => b.Cast(b.Slice(b.Cast(b.Transpose(x, 0, 2, 3, 1), ElementType.UInt16), [1], [3], [1]), ElementType.Int32),
        ["If"] = (b, x) => b.Node("If", [b.Greater(b.ReduceMax(b.Cast(x, ElementType.Float), [0, 1, 2, 3], keep: false), b.Constant(3))], new Dictionary<string, object>
        {
            ["then_branch"] = Branch("Transpose", x, new() { ["perm"] = new long[] { 0, 1, 3, 2 } }),
            ["else_branch"] = Branch("Identity", x, []),
        })[0],
    };

    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_are_floats_on_every_way(string way)
    {
        var model = Model(way);
        var random = new Random(5);
        var bytes = Tensor.Of(Enumerable.Range(0, 48).Select(i => (byte)((i * 5) + random.Next(4))).ToArray(), 1, 3, 4, 4);
        var floats = Casting.To(bytes, ElementType.Float);
        using var original = new Session(model, RuntimeOptions.Default);
        using var held = new TinyGraph(Inlined, [floats]);
        Near.Each(way, original.Run(new Dictionary<string, Tensor> { ["image"] = bytes })["y"].ToDoubles(), held.Forward([floats])[0], 1e-6, 0);
        GradientCheck.Function(way, Inlined, [floats], tolerance: 3e-4, isSized: true);

        Value[] Inlined(GraphBuilder b, Value[] x) =>
            [b.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = HeldIntegers.Of(x[0], ElementType.UInt8) }, model.Outputs)[model.Outputs[0]]];
    }

    [Fact]
    public void What_needs_integers_gets_them()
    {
        var b = new GraphBuilder();
        var x = b.Input("image", ElementType.UInt8, 1, 3, 4, 4);
        // A table of gray values, and bits.
        var table = b.Constant(Tensor.Of(Enumerable.Range(0, 256).Select(i => i * i / 255f).ToArray(), 256));
        var looked = b.Gather(table, b.Cast(x, ElementType.Int32), 0);
        var bits = b.Emit("BitwiseAnd", [x, Byte(b, 0xF0)]);
        b.Output("y", b.Add(looked, b.Cast(bits, ElementType.Float)));
        var model = b.Build();
        var bytes = Tensor.Of(Enumerable.Range(0, 48).Select(i => (byte)(i * 5)).ToArray(), 1, 3, 4, 4);
        var floats = Casting.To(bytes, ElementType.Float);
        var copy = new GraphBuilder();
        copy.Output("y", copy.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = HeldIntegers.Of(copy.Input("image", ElementType.Float, 1, 3, 4, 4), ElementType.UInt8) }, model.Outputs)[model.Outputs[0]]);
        using var original = new Session(model, RuntimeOptions.Default);
        using var held = new Session(copy.Build(), RuntimeOptions.Default);
        Assert.Equal(
            original.Run(new Dictionary<string, Tensor> { ["image"] = bytes })["y"].ToFloats(),
            held.Run(new Dictionary<string, Tensor> { ["image"] = floats })["y"].ToFloats());
    }

    /// <summary>Bytes on their way, made floats at its end and weighted, so that no two elements count alike.</summary>
    private static Graph Model(string way)
    {
        var b = new GraphBuilder();
        b.Output("y", b.Square(b.Mul(b.Cast(Ways[way](b, b.Input("image", ElementType.UInt8, 1, 3, 4, 4)), ElementType.Float), 1 / 255f)));
        return b.Build();
    }

    private static Graph Branch(string op, Value x, Dictionary<string, object> attributes)
    {
        var y = new Value(op + "_branch") { Type = ElementType.UInt8, Dims = [1, 3, 4, 4] };
        return new Graph { Name = op, Outputs = [y], Nodes = [new Node(op, op, [x], [y], attributes)] };
    }

    private static Value Byte(GraphBuilder b, byte number) => b.Constant(Tensor.Scalar(number));

    private static Value Bytes(GraphBuilder b, params long[] dims) => b.Constant(Tensor.Of(Enumerable.Range(0, (int)Shapes.Count(dims)).Select(i => (byte)(i * 7)).ToArray(), dims));
}

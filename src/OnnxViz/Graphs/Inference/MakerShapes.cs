using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that make tensors out of shapes, and shapes out of tensors.</summary>
internal static class MakerShapes
{
    public static void Constant(ShapeScope s)
    {
        if (ConstantNode.Tensor(s.Node.Attributes) is { } tensor) s.Set(tensor.Dims, tensor.Type);
    }

    public static void ConstantOfShape(ShapeScope s)
    {
        var type = s.Node.Tensor("value")?.Type ?? ElementType.Float;
        if (s.Elements(0) is { } shape)
        {
            if (Array.Exists(shape, e => e.Number < 0)) throw ShapeScope.Fail("a negative dimension");
            s.Set(Array.ConvertAll(shape, e => e.Dim), type);
        }
        else
        {
            s.Set(s.X() is [>= 0 and var rank] ? ShapeScope.UnknownOfRank(rank) : null, type);
        }
    }

    public static void EyeLike(ShapeScope s) => s.Set(s.X(), s.Node.Has("dtype") ? (ElementType)s.Node.Int("dtype", 1) : s.Type());

    public static void NonZero(ShapeScope s) => s.Set([s.X() is { } x ? Math.Max(x.Length, 1) : Shapes.Unknown, Shapes.Unknown], ElementType.Int64);

    public static void Range(ShapeScope s) => s.Set([Generators.RangeCount(s.Node) ?? Shapes.Unknown]);

    public static void Shape(ShapeScope s) => s.Set([s.X() is { } x ? ShapeRange(s.Node, x.Length).Count : Shapes.Unknown], ElementType.Int64);

    /// <summary>Which of the dimensions a Shape node gives (start and end since opset 15, clamped to the rank).</summary>
    public static (int Start, int Count) ShapeRange(Node node, int rank)
    {
        var start = Clamp(node.Int("start", 0));
        return (start, Math.Max(0, Clamp(node.Int("end", rank)) - start));

        int Clamp(long at) => (int)Math.Clamp(at < 0 ? at + rank : at, 0, rank);
    }

    public static void Size(ShapeScope s) => s.Set([], ElementType.Int64);
}

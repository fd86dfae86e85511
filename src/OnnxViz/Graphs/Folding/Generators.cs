using System.Numerics;

namespace OnnxViz.Graphs.Folding;

/// <summary>Tensors made from attributes, from numbers, or out of the places of others.</summary>
internal static class Generators
{
    public static Tensor[]? Constant(Node node) => ConstantNode.Tensor(node.Attributes) is { } tensor ? [tensor] : null;

    public static Tensor[]? ConstantOfShape(Node node)
    {
        var value = node.Tensor("value") ?? Tensor.Of<float>([0], 1);
        return Fold.Lazily(node, () => StridedCopy.Of(value.Bytes, value.Type.Size(), node.Outputs[0].Dims!, 0, new long[node.Outputs[0].Rank]));
    }

    public static Tensor[]? Range(Node node)
    {
        if (RangeCount(node) is not { } count) return null;
        return node.Outputs[0].Type switch
        {
            ElementType.Float => Steps<float>(node, count),
            ElementType.Double => Steps<double>(node, count),
            ElementType.Int64 => Steps<long>(node, count),
            ElementType.Int32 => Steps<int>(node, count),
            ElementType.Int16 => Steps<short>(node, count),
            _ => null,
        };
    }

    public static Tensor[]? NonZero(Node node)
    {
        var x = node.Constant(0);
        var hits = x.ToDoubles().Select((v, i) => (v, i)).Where(e => e.v != 0).Select(e => (long)e.i).ToArray();
        var strides = Fold.Strides(x.Dims.Length == 0 ? [1] : x.Dims);
        var places = new List<long>();
        for (var axis = 0; axis < strides.Length; axis++)
        {
            var size = x.Dims.Length == 0 ? 1 : x.Dims[axis];
            places.AddRange(hits.Select(hit => hit / strides[axis] % size));
        }

        return [Tensor.Of(places.ToArray(), strides.Length, hits.Length)];
    }

    private static Tensor[]? Steps<T>(Node node, long count) where T : unmanaged, INumber<T>
    {
        var (start, delta) = (node.Constant(0).As<T>()[0], node.Constant(2).As<T>()[0]);
        return Fold.Lazily(node, () =>
        {
            // Whatever is computed lazily may be computed again: the captured start stays.
            var (y, next) = (new T[count], start);
            for (var i = 0; i < y.Length; i++, next += delta) y[i] = next;
            return Fold.ToBytes(y);
        });
    }

    /// <summary>max(ceil((limit - start) / delta), 0), when all three are known.</summary>
    public static long? RangeCount(Node node)
    {
        if (node.Input(0)?.Constant is not { Count: 1 } start || node.Input(1)?.Constant is not { Count: 1 } limit) return null;
        if (node.Input(2)?.Constant is not { Count: 1 } delta) return null;
        var count = Math.Ceiling((limit.ToDoubles()[0] - start.ToDoubles()[0]) / delta.ToDoubles()[0]);
        return double.IsNaN(count) || count > 1L << 40 ? throw OnnxVizException.Input("the range never ends") : (long)Math.Max(count, 0);
    }
}

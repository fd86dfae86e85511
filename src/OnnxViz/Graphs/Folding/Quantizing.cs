namespace OnnxViz.Graphs.Folding;

/// <summary>QuantizeLinear and DequantizeLinear, with one scale for all, one for each place along an axis, or blocks.</summary>
internal static class Quantizing
{
    /// <summary>y = round(x / scale) + zero point, ties to even, saturated.</summary>
    public static Tensor[]? Quantize(Node node)
    {
        var (x, scale, zero) = (node.Constant(0), node.Constant(1), node.Input(2)?.Constant);
        var type = node.Outputs[0].Type;
        if (x.Type != ElementType.Float || scale.Type != ElementType.Float || type.IntegerRange() is not { } range) return null;
        return Fold.Lazily(node, () =>
        {
            var numbers = Fold.As<float>(x.Read());
            var (scales, zeros) = (scale.ToFloats(), zero?.ToLongs() ?? new long[scale.Count]);
            var places = Places(node, x.Dims, scale.Dims);
            var y = new float[numbers.Length];
            for (var i = 0; i < y.Length; i++)
            {
                var place = places(i);
                y[i] = (float)Math.Clamp(MathF.Round(numbers[i] / scales[place]) + (double)zeros[place], range.Low, range.High);
            }

            return Casting.To(Tensor.Of(y, x.Dims), type).Read();
        });
    }

    /// <summary>y = (x - zero point) * scale.</summary>
    public static Tensor[]? Dequantize(Node node)
    {
        var (x, scale, zero) = (node.Constant(0), node.Constant(1), node.Input(2)?.Constant);
        if (scale.Type != ElementType.Float || (x.Type != ElementType.Int32 && x.Type.IntegerRange() is null)) return null;
        return Fold.Lazily(node, () =>
        {
            var numbers = Fold.As<int>(Casting.To(x, ElementType.Int32).Read());
            var (scales, zeros) = (scale.ToFloats(), zero?.ToLongs() ?? new long[scale.Count]);
            var places = Places(node, x.Dims, scale.Dims);
            var y = new float[numbers.Length];
            for (var i = 0; i < y.Length; i++)
            {
                var place = places(i);
                y[i] = (numbers[i] - (int)zeros[place]) * scales[place];
            }

            return Fold.ToBytes(y);
        });
    }

    /// <summary>Which scale belongs to the element at a position.</summary>
    private static Func<int, int> Places(Node node, long[] dims, long[] scale)
    {
        if (Shapes.Count(scale) <= 1) return _ => 0;
        var axis = Shapes.Axis(node.Int("axis", 1), dims.Length);
        var inner = (int)Shapes.Count(dims.AsSpan(axis + 1));
        var size = (int)dims[axis];
        if (scale.Length == 1) return i => i / inner % size;
        // One scale for each run of block_size elements along the axis (opset 21).
        var (block, rows) = ((int)Math.Max(1, node.Int("block_size", 1)), (int)scale[axis]);
        return i => (((i / (inner * size)) * rows) + (i / inner % size / block)) * inner + (i % inner);
    }
}

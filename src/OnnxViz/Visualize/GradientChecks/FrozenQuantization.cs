using OnnxViz.Graphs;

namespace OnnxViz.Visualize.GradientChecks;

/// <summary>
/// Rounding to a grid has no derivative of use; by convention it passes changes on where the rounded number lies inside
/// the range of its type (PyTorch's fake_quantize). In the frozen copy a quantised tensor is its change since the point.
/// </summary>
internal static class FrozenQuantization
{
    public static Value Quantize(FrozenContext k)
    {
        var (type, rank) = (k.Y0.Type, k.X0().Rank);
        var rounded = k.Point.Emit("Round", [k.Point.Div(k.X0(), Aligned(k.X0(1)))]);
        if (k.Node.Input(2) is { } zero) rounded = k.Point.Add(rounded, k.Point.Cast(Aligned(zero), ElementType.Float));
        var (low, high) = type switch
        {
            ElementType.Int8 => (-128f, 127f),
            ElementType.Int16 => (-32768f, 32767f),
            ElementType.UInt16 => (0f, 65535f),
            _ => (0f, 255f),
        };
        var inside = k.Point.And(k.Point.GreaterOrEqual(rounded, k.Point.Scalar(low)), k.Point.LessOrEqual(rounded, k.Point.Scalar(high)));
        return k.Where(k.Hold(inside), k.Sub(k.X(), k.Hold(k.X0())), k.Scalar(0));

        Value Aligned(Value parameter)
        {
            if (parameter.StaticDims() is not { Length: 1 } dims || dims[0] == 1) return parameter;
            var axis = Shapes.Axis(k.Node.Int("axis", 1), rank);
            return k.Point.Reshape(parameter, [dims[0], .. Enumerable.Repeat(1L, rank - axis - 1)]);
        }
    }

    public static Value Dequantize(FrozenContext k) => k.X().Type.IsFloating() ? k.Add(k.Hold(k.Y0), k.X()) : k.Hold(k.Y0);
}

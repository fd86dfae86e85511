namespace OnnxViz.Check;

/// <summary>
/// Rounding to a grid has no derivative of use; by convention it passes changes on where the rounded number lies inside
/// the range of its type (PyTorch's fake_quantize). In the frozen copy a stored number is a float: what it is at the
/// point, and the change of the real one since, in units of the scale.
/// </summary>
internal static class FrozenQuantization
{
    public static Value Quantize(FrozenContext k)
    {
        var scale = Aligned(k, k.X0(1));
        var rounded = k.Point.Emit("Round", [k.Point.Div(k.X0(), scale)]);
        if (k.Node.Input(2) is { } zero) rounded = k.Point.Add(rounded, k.Point.Cast(Aligned(k, zero), ElementType.Float));
        var (low, high) = k.Y0.Type.IntegerRange() ?? throw OnnxVizException.Input($"{k.Node}: numbers of type {k.Y0.Type} are not checked.");
        var inside = k.Point.And(k.Point.GreaterOrEqual(rounded, k.Point.Scalar(low)), k.Point.LessOrEqual(rounded, k.Point.Scalar(high)));
        var stored = k.Hold(k.Point.Cast(k.Y0, ElementType.Float));
        var change = k.Div(k.Sub(k.X(), k.Hold(k.X0())), k.Hold(scale));
        return k.Where(k.Hold(inside), k.Add(stored, change), stored);
    }

    private static Value Aligned(FrozenContext k, Value parameter)
    {
        if (parameter.StaticDims() is not { Length: 1 } dims || dims[0] == 1) return parameter;
        var (axis, rank) = (Shapes.Axis(k.Node.Int("axis", 1), k.X0().Rank), k.X0().Rank);
        return k.Point.Reshape(parameter, [dims[0], .. Enumerable.Repeat(1L, rank - axis - 1)]);
    }
}

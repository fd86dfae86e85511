namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class LpPoolGradient
{
    /// <summary>
    /// y = (sum |x|^p)^(1/p) over a window; dx = sign(x) |x|^(p-1) sum of dy y^(1-p) over the windows that see x.
    /// A window of zeros passes nothing on.
    /// </summary>
    public static Value?[] LpPool(GradientContext g)
    {
        var p = g.Node.Int("p", 2);
        var w = new Windows(g, g.Node.Ints("kernel_shape")!);
        if (p == 1) return [g.Mul(g.Sign(g.X()), w.Spread(g.DY))];
        var seen = g.Greater(g.Y(), g.Scalar(0));
        var share = g.Div(g.WhereOrZero(seen, g.DY), g.Pow(g.Where(seen, g.Y(), g.Scalar(1)), p - 1));
        var slope = p == 2 ? g.X() : g.Mul(g.Sign(g.X()), g.Pow(g.Abs(g.X()), p - 1));
        return [g.Mul(slope, w.Spread(share))];
    }
}

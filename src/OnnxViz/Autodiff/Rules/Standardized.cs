namespace OnnxViz.Autodiff.Rules;

/// <summary>A tensor brought to mean 0 and variance 1 over some axes: Z = (x - mean) Inverse, Inverse = 1 / sqrt(variance + epsilon).</summary>
internal sealed record Standardized(Value Z, Value Inverse, long[] Axes)
{
    public static Standardized Of(GradientContext g, Value x, long[] axes, float epsilon)
    {
        var centered = g.Sub(x, g.ReduceMean(x, axes));
        var variance = g.ReduceMean(g.Square(centered), axes);
        var inverse = g.Emit("Reciprocal", [g.Sqrt(g.Add(variance, g.Scalar(epsilon, x.Type)))]);
        return new(g.Mul(centered, inverse), inverse, axes);
    }

    /// <summary>From the gradient of Z to that of x.</summary>
    public Value Gradient(GradientContext g, Value dz)
    {
        var along = g.Mul(Z, g.ReduceMean(g.Mul(dz, Z), Axes));
        return g.Mul(Inverse, g.Sub(g.Sub(dz, g.ReduceMean(dz, Axes)), along));
    }
}

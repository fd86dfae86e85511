namespace OnnxViz.Autodiff;

/// <summary>Tells by a few points of its curve whether a function is one of the ReLU-like activations that networks use.</summary>
internal static class ReluLikeCurves
{
    /// <summary>Exporters round constants; Gelu by erf and by tanh differ by 5e-4.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Where the curve is looked at: close to 0, at the usual kinks, and far out on both sides.</summary>
    public static float[] At { get; } = [-50, -8, -4, -3, -2, -1, -0.5f, -0.1f, 0, 0.1f, 0.5f, 1, 2, 3, 4, 6, 8, 50];

    public static bool Match(float[] curve) => Candidates(curve).Any(f => Fits(f, curve));

    /// <summary>The value that the curve ends in; infinite when it goes on rising.</summary>
    public static float Bound(float[] curve) => curve[^1] < At[^1] * (1 - Tolerance) ? curve[^1] : float.PositiveInfinity;

    /// <summary>Each kind with the parameter that the curve itself gives away.</summary>
    private static IEnumerable<Func<double, double>> Candidates(float[] curve)
    {
        const double seluScale = 1.05070098, seluFloor = 1.75809934;
        var (far, one) = ((double)curve[0], (double)curve[Array.IndexOf(At, 1)]);

        // ReLU, with an upper bound or without.
        if (curve[^1] > 0) yield return x => Math.Clamp(x, 0, curve[^1]);
        // LeakyRelu, and PRelu by its mean slope.
        var slope = far / At[0];
        if (Math.Abs(slope) < 0.999) yield return x => x > 0 ? x : slope * x;
        // Elu with any floor, Celu, Selu.
        if (far < 0)
        {
            yield return x => x > 0 ? x : -far * (Math.Exp(x) - 1);
            yield return x => x > 0 ? x : -far * (Math.Exp(x / -far) - 1);
            yield return x => x > 0 ? seluScale * x : seluFloor * (Math.Exp(x) - 1);
        }

        // Swish with any steepness: SiLU with 1, the quick Gelu with 1.702.
        if (one is > 0.5 and < 1)
        {
            var steepness = Math.Log(one / (1 - one));
            yield return x => x / (1 + Math.Exp(-steepness * x));
        }

        yield return x => x * Math.Clamp((x / 6) + 0.5, 0, 1);
        yield return x => x * 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2)));
        yield return x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)));
    }

    private static bool Fits(Func<double, double> f, float[] curve)
    {
        for (var i = 0; i < At.Length; i++)
        {
            var expected = f(At[i]);
            if (!(Math.Abs(curve[i] - expected) <= Tolerance * Math.Max(1, Math.Abs(expected)))) return false;
        }

        return true;
    }
}

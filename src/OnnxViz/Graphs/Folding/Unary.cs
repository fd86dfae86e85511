using System.Numerics;

namespace OnnxViz.Graphs.Folding;

/// <summary>
/// Functions of one element. They are computed in float64 and rounded once, which for the exact ones (Sqrt, Reciprocal,
/// Floor ...) is what float32 arithmetic gives and for the others the nearest float32.
/// </summary>
internal static class Unary
{
    public static Tensor[]? Abs(Node node) => Each(node, Math.Abs, n => n < 0 ? -n : n);

    public static Tensor[]? Ceil(Node node) => Each(node, Math.Ceiling);

    public static Tensor[]? Cos(Node node) => Each(node, Math.Cos);

    public static Tensor[]? Elu(Node node)
    {
        double alpha = node.Float("alpha", 1);
        return Each(node, x => x > 0 ? x : alpha * (Math.Exp(x) - 1));
    }

    public static Tensor[]? Erf(Node node) => Each(node, MathNet.Numerics.SpecialFunctions.Erf);

    public static Tensor[]? Exp(Node node) => Each(node, Math.Exp);

    public static Tensor[]? Floor(Node node) => Each(node, Math.Floor);

    public static Tensor[]? HardSigmoid(Node node)
    {
        double alpha = node.Float("alpha", 0.2f), beta = node.Float("beta", 0.5f);
        return Each(node, x => Math.Clamp((alpha * x) + beta, 0, 1));
    }

    public static Tensor[]? Log(Node node) => Each(node, Math.Log);

    public static Tensor[]? Neg(Node node) => Each(node, x => -x, n => -n);

    public static Tensor[]? Reciprocal(Node node) => Each(node, x => 1 / x);

    public static Tensor[]? Relu(Node node) => Each(node, x => Math.Max(x, 0), n => Math.Max(n, 0));

    public static Tensor[]? Round(Node node) => Each(node, Math.Round);

    public static Tensor[]? Sigmoid(Node node) => Each(node, x => 1 / (1 + Math.Exp(-x)));

    public static Tensor[]? Sign(Node node) => Each(node, x => double.IsNaN(x) ? x : Math.Sign(x), n => Math.Sign(n));

    public static Tensor[]? Sin(Node node) => Each(node, Math.Sin);

    public static Tensor[]? Softplus(Node node) => Each(node, x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))));

    public static Tensor[]? Sqrt(Node node) => Each(node, Math.Sqrt);

    public static Tensor[]? Tanh(Node node) => Each(node, Math.Tanh);

    public static Tensor[]? Not(Node node)
    {
        var x = node.Constant(0);
        return Fold.Lazily(node, () => Array.ConvertAll(x.Read(), b => b == 0 ? (byte)1 : (byte)0));
    }

    private static Tensor[]? Each(Node node, Func<double, double> real, Func<long, long>? whole = null)
    {
        var x = node.Constant(0);
        return x.Type switch
        {
            ElementType.Float => Fold.Lazily(node, () => Real<float>(x, real)),
            ElementType.Double => Fold.Lazily(node, () => Real<double>(x, real)),
            ElementType.Float16 => Fold.Lazily(node, () => Real<Half>(x, real)),
            ElementType.Int64 when whole is not null => Fold.Lazily(node, () => Whole<long>(x, whole)),
            ElementType.Int32 when whole is not null => Fold.Lazily(node, () => Whole<int>(x, whole)),
            _ => null,
        };
    }

    private static byte[] Real<T>(Tensor x, Func<double, double> real) where T : unmanaged, INumber<T>
    {
        var y = Fold.As<T>(x.Read()).ToArray();
        for (var i = 0; i < y.Length; i++) y[i] = T.CreateTruncating(real(double.CreateTruncating(y[i])));
        return Fold.ToBytes(y);
    }

    private static byte[] Whole<T>(Tensor x, Func<long, long> whole) where T : unmanaged, INumber<T>
    {
        var y = Fold.As<T>(x.Read()).ToArray();
        for (var i = 0; i < y.Length; i++) y[i] = T.CreateTruncating(whole(long.CreateTruncating(y[i])));
        return Fold.ToBytes(y);
    }
}

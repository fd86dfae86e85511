using OnnxViz.Options;

namespace OnnxViz.Optimize;

/// <summary>Weights of the penalties on the picture x; 0 switches one off.</summary>
public sealed record Regularization
{
    /// <summary>sum |x|</summary>
    [Option("l1", "Weight of sum |x|.", Min = 0, Form = "W")]
    public float L1 { get; init; }

    /// <summary>sum x^2</summary>
    [Option("l2", "Weight of sum x^2.", Min = 0, Form = "W")]
    public float L2 { get; init; }

    /// <summary>sum |x|^Alpha (Mahendran and Vedaldi 2015)</summary>
    [Option("alpha-norm", "Weight of sum |x|^alpha.", Min = 0, Form = "W")]
    public float AlphaNorm { get; init; }

    /// <summary>Exponent of the alpha norm.</summary>
    [Option("alpha", "Exponent of the alpha norm.", Min = 0, Form = "A")]
    public float Alpha { get; init; } = 6;

    /// <summary>sum ((x_right - x)^2 + (x_below - x)^2)^(B/2); a difference over the edge is 0</summary>
    [Option("tv", "Weight of the total variation.", Min = 0, Form = "W")]
    public float TotalVariation { get; init; }

    /// <summary>Exponent B of the total variation.</summary>
    [Option("tv-beta", "Exponent of the total variation.", Min = 0, Form = "B")]
    public float Beta { get; init; } = 2;

    /// <summary>sqrt of the mean over channels, both directions and inner positions of (Scharr * x)^2</summary>
    [Option("scharr", "Weight of the edges that Scharr's filter finds.", Min = 0, Form = "W")]
    public float Scharr { get; init; }

    /// <summary>sum over the border of (mean of the 5 x 5 pixels around it - x)^2 + 0.8 (x - 0.5)^2: detail at the edge (Lucid's activation atlas).</summary>
    [Option("boundary", "Weight of detail in the picture's border, five pixels wide (Lucid's atlas).", Min = 0, Form = "W")]
    public float Boundary { get; init; }

    /// <summary>
    /// Alpha norm and total variation of pixels as vectors of their colours (Mahendran and Vedaldi 2016): |x| is the
    /// Euclidean norm over the channels, and so are the differences' squares sums over them.
    /// </summary>
    public bool OfColors { get; init; }
}

internal static class Regularizers
{
    /// <summary>Keeps roots and powers below 1 differentiable where the picture is flat.</summary>
    private const float Tiny = 1e-20f;

    /// <summary>Width of the border, and of the blur that says what is detail there.</summary>
    private const int Border = 5;

    /// <summary>[N], the weighted sum of all penalties on x = [N, C, H, W]; null when there is none.</summary>
    public static Value? Penalty(this IEmitter e, Value x, Regularization r)
    {
        using var scope = e.Builder.Scope("penalty");
        Value? sum = null;
        Add(r.L1, () => Total(e, e.Abs(x)));
        Add(r.L2, () => Total(e, e.Mul(x, x)));
        Add(r.AlphaNorm, () => Total(e, r.OfColors ? Power(e, Colors(e, Square(e, x)), r.Alpha) : e.Pow(e.Abs(x), r.Alpha)));
        Add(r.TotalVariation, () => TotalVariation(e, x, r));
        Add(r.Scharr, () => Scharr(e, x));
        Add(r.Boundary, () => Boundary(e, x));
        return sum;

        void Add(float weight, Func<Value> penalty)
        {
            if (weight == 0) return;
            var term = e.Mul(penalty(), weight);
            sum = sum is null ? term : e.Add(sum, term);
        }
    }

    private static Value TotalVariation(IEmitter e, Value x, Regularization r)
    {
        var squares = e.Add(Square(e, Difference(e, x, 3)), Square(e, Difference(e, x, 2)));
        return Total(e, Power(e, r.OfColors ? Colors(e, squares) : squares, r.Beta));
    }

    private static Value Colors(IEmitter e, Value squares) => e.ReduceSum(squares, [1]);

    /// <summary>|x|^exponent from |x|^2.</summary>
    private static Value Power(IEmitter e, Value squares, float exponent) =>
        exponent == 2 ? squares : e.Pow(e.Max(squares, e.Scalar(Tiny)), exponent / 2);

    /// <summary>The next element minus this one along an axis, 0 at the end.</summary>
    private static Value Difference(IEmitter e, Value x, int axis)
    {
        var size = x.StaticDims()[axis];
        var pads = new long[8];
        pads[4 + axis] = 1;
        return e.Pad(e.Sub(e.Slice(x, [1], [size], [axis]), e.Slice(x, [0], [size - 1], [axis])), pads);
    }

    private static Value Scharr(IEmitter e, Value x)
    {
        var channels = x.StaticDims()[1];
        float[] horizontal = [3, 0, -3, 10, 0, -10, 3, 0, -3];
        float[] vertical = [3, 10, 3, 0, 0, 0, -3, -10, -3];
        float[] both = [.. Enumerable.Range(0, (int)channels).SelectMany(_ => horizontal.Concat(vertical))];
        var derivatives = e.Emit(
            "Conv", [x, e.Builder.Constant(Tensor.Of(both, 2 * channels, 1, 3, 3))], ("group", channels), ("kernel_shape", new long[] { 3, 3 }));
        return e.Sqrt(e.Max(e.ReduceMean(Square(e, derivatives), [1, 2, 3], keep: false), e.Scalar(Tiny)));
    }

    private static Value Boundary(IEmitter e, Value x)
    {
        var (height, width) = ((int)x.StaticDims()[2], (int)x.StaticDims()[3]);
        var mask = Enumerable.Range(0, height * width).Select(i => Math.Min(Math.Min(i / width, height - 1 - (i / width)), Math.Min(i % width, width - 1 - (i % width))) < Border ? 1f : 0f);
        var pad = (long)(Border / 2);
        var mean = e.Emit("AveragePool", [x], ("kernel_shape", new long[] { Border, Border }), ("pads", new[] { pad, pad, pad, pad }), ("count_include_pad", 0L));
        var penalty = e.Add(Square(e, e.Sub(mean, x)), e.Mul(Square(e, e.Sub(x, e.Scalar(0.5f))), 0.8f));
        return Total(e, e.Mul(penalty, e.Builder.Constant(Tensor.Of([.. mask], height, width))));
    }

    private static Value Square(IEmitter e, Value x) => e.Mul(x, x);

    private static Value Total(IEmitter e, Value x) => e.ReduceSum(x, [1, 2, 3], keep: false);
}

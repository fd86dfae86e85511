namespace OnnxViz.Check;

/// <summary>Tensors as vectors: sums are taken in float64.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>The length of the vector of the products: how large a sum of them is when their signs are random.</summary>
    public static double ProductNorm(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i] * a[i] * b[i];
        return Math.Sqrt(sum);
    }

    /// <summary>Root mean square; 1 where that is 0 or not finite, for it is used to scale steps.</summary>
    public static double Scale(ReadOnlySpan<float> a)
    {
        var rms = Math.Sqrt(Dot(a, a) / Math.Max(1, a.Length));
        return rms > 0 && double.IsFinite(rms) ? rms : 1;
    }

    public static float[] Gaussian(CounterRandom random, long count, double scale = 1)
    {
        var result = new float[count];
        for (var i = 0; i < result.Length; i++) result[i] = (float)(scale * random.Normal());
        return result;
    }

    /// <summary>x + step * v in the type of x.</summary>
    public static Tensor Moved(Tensor x, float[] v, double step)
    {
        if (x.Type == ElementType.Double)
        {
            var doubles = x.ToDoubles();
            for (var i = 0; i < doubles.Length; i++) doubles[i] += step * v[i];
            return Tensor.Of(doubles, x.Dims);
        }

        var moved = x.As<float>().ToArray();
        for (var i = 0; i < moved.Length; i++) moved[i] = (float)(moved[i] + (step * v[i]));
        return Tensor.Of(moved, x.Dims);
    }

    /// <summary>The numbers as a tensor of float32 or float64.</summary>
    public static Tensor As(ElementType type, float[] numbers, long[] dims) =>
        type == ElementType.Double ? Tensor.Of(Array.ConvertAll(numbers, n => (double)n), dims) : Tensor.Of(numbers, dims);
}

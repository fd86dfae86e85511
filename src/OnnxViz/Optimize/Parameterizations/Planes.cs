using OnnxViz.Imaging.Resample;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>Pictures as float planes, [C, H, W], and what is done with them on the host.</summary>
internal static class Planes
{
    /// <summary>Bicubic and antialiased, as Pillow does it in floats; values may overshoot their range a little.</summary>
    public static float[] Resize(ReadOnlySpan<float> planes, (int Height, int Width) from, (int Height, int Width) to)
    {
        if (from == to) return [.. planes];
        var size = from.Height * from.Width;
        var result = new List<float>(planes.Length / size * to.Height * to.Width);
        for (var start = 0; start < planes.Length; start += size)
            result.AddRange(MapResampler.Resize(planes.Slice(start, size), from.Width, from.Height, to.Width, to.Height, ResampleFilter.Bicubic));
        return [.. result];
    }

    /// <summary>The same in a graph, [N, C, H, W] to [N, C, H', W']: products with two constant matrices.</summary>
    public static Value Resize(this IEmitter e, Value picture, int height, int width, ResampleFilter filter)
    {
        var dims = picture.StaticDims();
        var down = dims[2] == height ? picture : e.MatMul(e.Builder.Constant(Matrix((int)dims[2], height, filter)), picture);
        return dims[3] == width ? down : e.MatMul(down, e.Transpose(e.Builder.Constant(Matrix((int)dims[3], width, filter)), 1, 0));
    }

    /// <summary>Each of [N, C, H, W] blurred by a Gaussian, cut off at four deviations; at the edge the weights inside are what counts.</summary>
    public static Value Blur(this IEmitter e, Value picture, double deviation)
    {
        var dims = picture.StaticDims();
        var down = e.MatMul(e.Builder.Constant(Gaussian((int)dims[2], deviation)), picture);
        return e.MatMul(down, e.Transpose(e.Builder.Constant(Gaussian((int)dims[3], deviation)), 1, 0));
    }

    private static Tensor Gaussian(int size, double deviation)
    {
        var matrix = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            double[] weights = [.. Enumerable.Range(0, size).Select(k => Math.Abs(k - i) <= 4 * deviation ? Math.Exp(-Math.Pow((k - i) / deviation, 2) / 2) : 0)];
            var sum = weights.Sum();
            for (var k = 0; k < size; k++) matrix[(i * size) + k] = (float)(weights[k] / sum);
        }

        return Tensor.Of(matrix, size, size);
    }

    /// <summary>[to, from]: what resizing does along one side.</summary>
    private static Tensor Matrix(int from, int to, ResampleFilter filter)
    {
        var weights = new ResampleWeights(from, to, filter);
        var matrix = new float[to * from];
        for (var i = 0; i < to; i++)
            for (var k = 0; k < weights.Counts[i]; k++) matrix[(i * from) + weights.Starts[i] + k] = (float)weights.Of(i)[k];
        return Tensor.Of(matrix, to, from);
    }
}

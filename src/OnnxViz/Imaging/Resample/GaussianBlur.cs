namespace OnnxViz.Imaging.Resample;

/// <summary>A Gaussian filter over a map; outside it the nearest value is repeated.</summary>
internal static class GaussianBlur
{
    /// <summary>Weights beyond so many deviations are left out.</summary>
    private const double Reach = 3;

    /// <param name="map">[height, width]</param>
    /// <param name="width">Of the map.</param>
    /// <param name="height">Of the map.</param>
    /// <param name="deviation">In pixels; 0 leaves the map as it is.</param>
    /// <returns>[height, width]</returns>
    public static float[] Apply(ReadOnlySpan<float> map, int width, int height, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        MapRange.CheckSize(map, width, height);
        if (deviation == 0) return map.ToArray();
        var radius = (int)Math.Ceiling(Reach * deviation);
        var weights = Array.ConvertAll([.. Enumerable.Range(-radius, (2 * radius) + 1)], d => Math.Exp(-d * d / (2 * deviation * deviation)));
        var total = weights.Sum();
        weights = Array.ConvertAll(weights, w => w / total);
        return Pass(Pass(map, width, height, weights, across: true), width, height, weights, across: false);
    }

    private static float[] Pass(ReadOnlySpan<float> map, int width, int height, double[] weights, bool across)
    {
        var result = new float[map.Length];
        var radius = weights.Length / 2;
        for (var i = 0; i < result.Length; i++)
        {
            var (y, x) = Math.DivRem(i, width);
            var sum = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                var (sx, sy) = across ? (Math.Clamp(x + k - radius, 0, width - 1), y) : (x, Math.Clamp(y + k - radius, 0, height - 1));
                sum += weights[k] * map[(sy * width) + sx];
            }

            result[i] = (float)sum;
        }

        return result;
    }
}

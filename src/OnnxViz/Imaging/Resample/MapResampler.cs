namespace OnnxViz.Imaging.Resample;

/// <summary>Resizes a map of floats, as Pillow does in mode F.</summary>
internal static class MapResampler
{
    /// <param name="map">[height, width]</param>
    /// <param name="width">Of the map.</param>
    /// <param name="height">Of the map.</param>
    /// <param name="newWidth">Of the result.</param>
    /// <param name="newHeight">Of the result.</param>
    /// <param name="filter">Bicubic may overshoot the map's range, bilinear does not.</param>
    /// <returns>[newHeight, newWidth]</returns>
    public static float[] Resize(
        ReadOnlySpan<float> map, int width, int height, int newWidth, int newHeight, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newHeight);
        MapRange.CheckSize(map, width, height);
        float[] across = width == newWidth ? [.. map] : Across(map, width, height, newWidth, filter);
        return height == newHeight ? across : Down(across, newWidth, height, newHeight, filter);
    }

    /// <summary>The same of a volume, [slices, lines, columns].</summary>
    /// <param name="map">Of the first size.</param>
    /// <param name="from">Its slices, lines and columns.</param>
    /// <param name="to">Those of the result.</param>
    public static float[] Resize(ReadOnlySpan<float> map, (int Depth, int Height, int Width) from, (int Depth, int Height, int Width) to)
    {
        if (from == to) return [.. map];
        var (slice, target) = (from.Height * from.Width, to.Height * to.Width);
        var slices = new float[from.Depth * target];
        for (var d = 0; d < from.Depth; d++)
            Resize(map.Slice(d * slice, slice), from.Width, from.Height, to.Width, to.Height).CopyTo(slices, d * target);
        return from.Depth == to.Depth ? slices : Down(slices, target, from.Depth, to.Depth, ResampleFilter.Bilinear);
    }

    private static float[] Across(ReadOnlySpan<float> map, int width, int height, int newWidth, ResampleFilter filter)
    {
        ResampleWeights weights = new(width, newWidth, filter);
        float[] result = new float[newWidth * height];
        for (int i = 0; i < result.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, newWidth);
            result[i] = Sum(map[((y * width) + weights.Starts[x])..], 1, weights.Of(x));
        }

        return result;
    }

    private static float[] Down(ReadOnlySpan<float> map, int width, int height, int newHeight, ResampleFilter filter)
    {
        ResampleWeights weights = new(height, newHeight, filter);
        float[] result = new float[width * newHeight];
        for (int i = 0; i < result.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            result[i] = Sum(map[((weights.Starts[y] * width) + x)..], width, weights.Of(y));
        }

        return result;
    }

    private static float Sum(ReadOnlySpan<float> values, int step, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            sum += values[k * step] * weights[k];
        }

        return (float)sum;
    }
}

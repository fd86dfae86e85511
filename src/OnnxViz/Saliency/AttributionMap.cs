using OnnxViz.Imaging.Resample;

namespace OnnxViz.Saliency;

/// <summary>One number for every position from an attribution to all channels of the input.</summary>
public static class AttributionMap
{
    /// <summary>How much each position matters, whatever the method: a layer's map is enlarged, of channels the largest is taken.</summary>
    /// <param name="attribution">Of one row, as the input, or a layer's map [1, 1, h, w].</param>
    /// <param name="isLayerMap">Whether it is the latter.</param>
    /// <param name="layout">Of the input.</param>
    /// <returns>[H, W], of volumes [D, H, W], of signals [T].</returns>
    public static float[] OfPixels(Tensor attribution, bool isLayerMap, InputLayout layout)
    {
        ArgumentNullException.ThrowIfNull(attribution);
        return isLayerMap ? OfLayer(attribution, layout) : Magnitude(attribution.As<float>(), layout);
    }

    /// <summary>A layer's map stretched over the input's positions.</summary>
    internal static float[] OfLayer(Tensor map, InputLayout layout) => MapResampler.Resize(map.As<float>(), layout.GridOf(map.Dims), layout.Grid);

    /// <summary>The largest absolute value over the channels (Simonyan et al. 2013): how much, whatever the sign.</summary>
    /// <param name="attribution">Of one row, as the input.</param>
    /// <param name="layout">Of the input.</param>
    /// <param name="channels">Which count; null for all.</param>
    /// <returns>For each position 0 and more.</returns>
    public static float[] Magnitude(ReadOnlySpan<float> attribution, InputLayout layout, IReadOnlyList<int>? channels = null)
    {
        var map = new float[layout.Pixels];
        foreach (var k in channels ?? All(layout))
            for (var i = 0; i < map.Length; i++) map[i] = Math.Max(map[i], Math.Abs(attribution[layout.At(k, i)]));
        return map;
    }

    /// <summary>The sum over the channels: for and against.</summary>
    /// <inheritdoc cref="Magnitude"/>
    /// <returns>For each position a signed number.</returns>
    public static float[] Sum(ReadOnlySpan<float> attribution, InputLayout layout, IReadOnlyList<int>? channels = null)
    {
        var map = new float[layout.Pixels];
        foreach (var k in channels ?? All(layout))
            for (var i = 0; i < map.Length; i++) map[i] += attribution[layout.At(k, i)];
        return map;
    }

    private static int[] All(InputLayout layout) => [.. Enumerable.Range(0, layout.Channels)];
}

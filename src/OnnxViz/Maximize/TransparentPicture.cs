namespace OnnxViz.Maximize;

/// <summary>How MACO's pictures are shown (xplique's plot_maco): stretched between percentiles, and fading to white where nothing mattered.</summary>
internal static class TransparentPicture
{
    /// <summary>Percent of the values at either end that become black or white.</summary>
    private const double Clipped = 1;

    /// <summary>Percentile of the transparency from which on the picture is fully seen.</summary>
    private const double Opaque = 80;

    /// <summary>[H, W], the mean over colours.</summary>
    /// <param name="transparency">[3, H, W]</param>
    /// <param name="size">H W</param>
    public static float[] Alpha(ReadOnlySpan<float> transparency, int size)
    {
        var alpha = new float[size];
        for (var i = 0; i < transparency.Length; i++) alpha[i % size] += transparency[i] * size / transparency.Length;
        return alpha;
    }

    /// <param name="planes">[3, H, W], RGB.</param>
    /// <param name="alpha">[H, W], unscaled; all 0 hides nothing.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    public static Image OnWhite(ReadOnlySpan<float> planes, float[] alpha, int width, int height)
    {
        var range = MapRange.Between(planes, Clipped, 100 - Clipped);
        var stretched = new float[planes.Length];
        for (var i = 0; i < planes.Length; i++) stretched[i] = range.Normalize(planes[i]);
        var shown = MapRange.Positive(alpha, Opaque);
        var strength = Array.TrueForAll(alpha, a => a == 0) ? Array.ConvertAll(alpha, _ => 1f) : Array.ConvertAll(alpha, shown.Normalize);
        var white = new Image(width, height);
        Array.Fill(white.Pixels, (byte)255);
        return Overlay.Blend(white, Pictures.FromPlanes(stretched, width, height), 1, strength);
    }
}

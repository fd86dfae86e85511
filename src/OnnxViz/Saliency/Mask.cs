namespace OnnxViz.Saliency;

/// <summary>Masks of a picture, [height, width], 1 where it is seen and 0 where the baseline is.</summary>
internal static class Mask
{
    /// <summary>m x + (1 - m) b.</summary>
    public static void Apply(ReadOnlySpan<float> mask, ReadOnlySpan<float> picture, ReadOnlySpan<float> baseline, InputLayout layout, Span<float> image)
    {
        for (var i = 0; i < image.Length; i++)
        {
            var share = mask[layout.PixelAt(i)];
            image[i] = (picture[i] * share) + (baseline[i] * (1 - share));
        }
    }

    /// <summary>A map stretched over the picture by bilinear interpolation between the centres of the corners.</summary>
    public static float[] StretchCorners(ReadOnlySpan<float> map, int h, int w, InputLayout layout)
    {
        var result = new float[layout.Pixels];
        for (var y = 0; y < layout.Height; y++)
        {
            var (top, bottom, down) = Between(y, layout.Height, h);
            for (var x = 0; x < layout.Width; x++)
            {
                var (left, right, across) = Between(x, layout.Width, w);
                var above = (map[(top * w) + left] * (1 - across)) + (map[(top * w) + right] * across);
                var below = (map[(bottom * w) + left] * (1 - across)) + (map[(bottom * w) + right] * across);
                result[(y * layout.Width) + x] = (above * (1 - down)) + (below * down);
            }
        }

        return result;
    }

    /// <summary>Each pixel takes the position that it lies in.</summary>
    public static float[] StretchNearest(ReadOnlySpan<float> map, int h, int w, InputLayout layout)
    {
        var result = new float[layout.Pixels];
        for (var y = 0; y < layout.Height; y++)
            for (var x = 0; x < layout.Width; x++) result[(y * layout.Width) + x] = map[(y * h / layout.Height * w) + (x * w / layout.Width)];
        return result;
    }

    private static (int Low, int High, float Share) Between(int i, int length, int from)
    {
        var at = length > 1 ? (float)i * (from - 1) / (length - 1) : 0;
        var low = Math.Min((int)at, from - 1);
        return (low, Math.Min(low + 1, from - 1), at - low);
    }
}

namespace OnnxViz.Saliency;

/// <summary>Masks of the positions of an input, slice by slice, line by line: 1 where it is seen and 0 where the baseline is.</summary>
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

    /// <summary>A map stretched over the input by linear interpolation between the centres of the corners.</summary>
    /// <param name="map">Of a layer.</param>
    /// <param name="grid">Its slices, lines and columns.</param>
    /// <param name="layout">Of the input.</param>
    public static float[] StretchCorners(ReadOnlySpan<float> map, (int Depth, int Height, int Width) grid, InputLayout layout)
    {
        var result = new float[layout.Pixels];
        var plane = grid.Height * grid.Width;
        for (var (d, at) = (0, 0); d < layout.Depth; d++)
        {
            var (front, back, through) = Between(d, layout.Depth, grid.Depth);
            for (var y = 0; y < layout.Height; y++)
            {
                var (top, bottom, down) = Between(y, layout.Height, grid.Height);
                for (var x = 0; x < layout.Width; x++, at++)
                {
                    var (left, right, across) = Between(x, layout.Width, grid.Width);
                    result[at] = In(map.Slice(front * plane, plane));
                    if (through > 0) result[at] = (result[at] * (1 - through)) + (In(map.Slice(back * plane, plane)) * through);

                    float In(ReadOnlySpan<float> slice)
                    {
                        var above = (slice[(top * grid.Width) + left] * (1 - across)) + (slice[(top * grid.Width) + right] * across);
                        var below = (slice[(bottom * grid.Width) + left] * (1 - across)) + (slice[(bottom * grid.Width) + right] * across);
                        return (above * (1 - down)) + (below * down);
                    }
                }
            }
        }

        return result;
    }

    /// <summary>Each position takes that of the map that it lies in.</summary>
    /// <inheritdoc cref="StretchCorners"/>
    public static float[] StretchNearest(ReadOnlySpan<float> map, (int Depth, int Height, int Width) grid, InputLayout layout)
    {
        var result = new float[layout.Pixels];
        for (var i = 0; i < result.Length; i++)
        {
            var (line, x) = Math.DivRem(i, layout.Width);
            var (d, y) = Math.DivRem(line, layout.Height);
            result[i] = map[(((d * grid.Depth / layout.Depth * grid.Height) + (y * grid.Height / layout.Height)) * grid.Width) + (x * grid.Width / layout.Width)];
        }

        return result;
    }

    private static (int Low, int High, float Share) Between(int i, int length, int from)
    {
        var at = length > 1 ? (float)i * (from - 1) / (length - 1) : 0;
        var low = Math.Min((int)at, from - 1);
        return (low, Math.Min(low + 1, from - 1), at - low);
    }
}

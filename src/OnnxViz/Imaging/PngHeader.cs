using System.Buffers.Binary;

namespace OnnxViz.Imaging;

/// <summary>What the samples of a pixel mean (PNG specification 11.2.2).</summary>
internal enum PngColor
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

/// <summary>The checked IHDR chunk: size within <see cref="ImageLimits"/>, a pair of colour and depth (bits of a sample) that exists.</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColor Color, bool Interlaced)
{
    public int Channels => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GrayAlpha => 2,
        PngColor.Rgba => 4,
        _ => 1,
    };

    /// <summary>Distance to the pixel on the left for the row filters: at least one byte.</summary>
    public int FilterStep => Math.Max(1, Channels * Depth / 8);

    /// <summary>Bytes of a row of <paramref name="width"/> pixels without its filter byte; the last byte may be part empty.</summary>
    public int RowBytes(int width) => (int)((((long)width * Channels * Depth) + 7) / 8);

    /// <exception cref="OnnxVizException">Malformed, or refused for its size.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data, string name)
    {
        if (data.Length != 13)
        {
            throw PngError.Damaged(name, $"its header has {data.Length} bytes instead of 13");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        ImageLimits.Check((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), name);
        if (!IsAllowed(data[9], data[8]))
        {
            throw PngError.Damaged(name, $"there is no PNG of colour type {data[9]} with {data[8]} bits");
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw PngError.Damaged(name, $"unknown compression {data[10]}, filter {data[11]} or interlace {data[12]}");
        }

        return new((int)width, (int)height, data[8], (PngColor)data[9], data[12] == 1);
    }

    private static bool IsAllowed(byte color, byte depth) => (PngColor)color switch
    {
        PngColor.Gray => depth is 1 or 2 or 4 or 8 or 16,
        PngColor.Palette => depth is 1 or 2 or 4 or 8,
        PngColor.Rgb or PngColor.GrayAlpha or PngColor.Rgba => depth is 8 or 16,
        _ => false,
    };
}

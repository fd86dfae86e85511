namespace OnnxViz.Imaging;

/// <summary>From a PNG row's packed samples to 8-bit RGB.</summary>
internal static class PngSamples
{
    /// <param name="header">Says how the samples are packed.</param>
    /// <param name="palette">RGB triples, for palette pictures.</param>
    /// <param name="row">The row after its filter was undone.</param>
    /// <param name="columns">Pixels in the row.</param>
    /// <param name="target">Where the first pixel goes.</param>
    /// <param name="step">Bytes from one pixel to the next in <paramref name="target"/>.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="OnnxVizException">A pixel asks for a colour that the palette does not have.</exception>
    public static void ToRgb(
        PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> row, int columns, Span<byte> target, int step, string name)
    {
        // The first byte of a 16-bit sample is the high one, so 16 bits differ from 8 only in how far it is to the next.
        int sample = header.Depth == 16 ? 2 : 1, pixel = sample * header.Channels;
        for (int x = 0; x < columns; x++)
        {
            Span<byte> rgb = target.Slice(x * step, 3);
            switch (header.Color)
            {
                case PngColor.Rgb or PngColor.Rgba:
                    (rgb[0], rgb[1], rgb[2]) = (row[x * pixel], row[(x * pixel) + sample], row[(x * pixel) + (2 * sample)]);
                    break;
                case PngColor.Palette:
                    int index = 3 * Packed(row, x, header.Depth);
                    if (index >= palette.Length)
                    {
                        throw PngError.Damaged(name, $"colour {index / 3} is not in its palette of {palette.Length / 3}");
                    }

                    palette.Slice(index, 3).CopyTo(rgb);
                    break;
                default:
                    rgb.Fill(header.Depth >= 8 ? row[x * pixel] : Stretch(Packed(row, x, header.Depth), header.Depth));
                    break;
            }
        }
    }

    /// <summary>Sample <paramref name="x"/> of <paramref name="depth"/> (1 to 8) bits; the leftmost has the highest bits.</summary>
    private static int Packed(ReadOnlySpan<byte> row, int x, int depth)
    {
        int bit = x * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }

    private static byte Stretch(int value, int depth) => (byte)(value * 255 / ((1 << depth) - 1));
}

using System.IO.Compression;

namespace OnnxViz.Imaging;

/// <summary>
/// PNG (W3C, third edition) of every colour type, depth and interlace. Samples become 8-bit RGB: 16-bit ones keep their high byte,
/// small ones are stretched to 0..255, gray is tripled; alpha and tRNS are dropped, gamma and colour profiles ignored.
/// </summary>
internal static class PngReader
{
    // One bit of a deflate stream stands for at most 258 bytes / 2 bits of code.
    private const int MaxDeflateRatio = 1032;

    /// <exception cref="OnnxVizException">Cut off, damaged, or too large.</exception>
    public static Image Read(byte[] bytes, string name)
    {
        PngHeader? header = null;
        ReadOnlyMemory<byte> palette = default;
        using MemoryStream packed = new();
        foreach (PngChunk chunk in PngChunk.ReadAll(bytes, name))
        {
            if (header is null && chunk.Type != "IHDR")
            {
                throw PngError.Damaged(name, "it does not begin with its header");
            }

            switch (chunk.Type)
            {
                case "IHDR" when header is null:
                    header = PngHeader.Parse(chunk.Data.Span, name);
                    break;
                case "PLTE" when chunk.Data.Length % 3 == 0 && packed.Length == 0:
                    palette = chunk.Data;
                    break;
                case "IDAT":
                    packed.Write(chunk.Data.Span);
                    break;
                case "IEND":
                    break;
                default:
                    ThrowIfCritical(chunk, name);
                    break;
            }
        }

        return Unpack(header!.Value, palette.Span, packed, name);
    }

    private static Image Unpack(PngHeader header, ReadOnlySpan<byte> palette, MemoryStream packed, string name)
    {
        if (header.Color == PngColor.Palette && palette.IsEmpty)
        {
            throw PngError.Damaged(name, "its palette is missing");
        }

        // Before anything of the picture's size is allocated: could these few bytes hold it at all?
        long expected = PngPass.Of(header).Sum(pass => (1L + header.RowBytes(pass.Columns(header.Width))) * pass.Rows(header.Height));
        if (expected > packed.Length * MaxDeflateRatio)
        {
            throw CutOff(name);
        }

        packed.Position = 0;
        using ZLibStream data = new(packed, CompressionMode.Decompress);
        Image image = new(header.Width, header.Height);
        foreach (PngPass pass in PngPass.Of(header))
        {
            ReadPass(pass, header, palette, data, image, name);
        }

        // Whatever the stream still holds is never unpacked: a bomb does not go off.
        return image;
    }

    private static void ReadPass(PngPass pass, PngHeader header, ReadOnlySpan<byte> palette, Stream data, Image image, string name)
    {
        int columns = pass.Columns(header.Width), rows = pass.Rows(header.Height);
        byte[] row = new byte[1 + header.RowBytes(columns)], above = new byte[row.Length];
        for (int y = 0; y < rows; y++)
        {
            ReadRow(data, row, name);
            if (!PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterStep))
            {
                throw PngError.Damaged(name, $"row filter {row[0]} does not exist");
            }

            Span<byte> target = image.Row(pass.Y + (y * pass.StepY))[(3 * pass.X)..];
            PngSamples.ToRgb(header, palette, row.AsSpan(1), columns, target, 3 * pass.StepX, name);
            (row, above) = (above, row);
        }
    }

    private static void ReadRow(Stream data, byte[] row, string name)
    {
        try
        {
            if (data.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw CutOff(name);
            }
        }
        catch (InvalidDataException broken)
        {
            throw PngError.Damaged(name, "its compressed data are broken", broken);
        }
    }

    private static void ThrowIfCritical(PngChunk chunk, string name)
    {
        if (chunk.IsCritical)
        {
            throw PngError.Damaged(name, $"a {chunk.Type} chunk is malformed, out of place or unknown");
        }
    }

    private static OnnxVizException CutOff(string name) => PngError.Damaged(name, "it has fewer pixels than its header says");
}

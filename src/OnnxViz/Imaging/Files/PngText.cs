using System.IO.Compression;
using System.Text;

namespace OnnxViz.Imaging.Files;

/// <summary>The texts in a PNG file: tEXt, zTXt and iTXt chunks (PNG specification 11.3.3).</summary>
internal static class PngText
{
    // A packed text may grow to this many bytes: a manifest has a few thousand.
    private const int MaxUnpacked = 16 << 20;

    /// <summary>All texts of a PNG file as keyword and text, in the file's order; a keyword may come twice.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="OnnxVizException">No PNG file, or it is cut off or damaged.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(byte[] bytes, string name = "picture")
    {
        ArgumentNullException.ThrowIfNull(bytes);
        List<KeyValuePair<string, string>> texts = [];
        foreach (PngChunk chunk in PngChunk.ReadAll(bytes, name))
        {
            if (chunk.Type is "tEXt" or "zTXt" or "iTXt")
            {
                ReadOnlyMemory<byte> rest = chunk.Data;
                string key = Encoding.Latin1.GetString(TakeUntilZero(ref rest, name).Span);
                texts.Add(new(key, chunk.Type switch
                {
                    "tEXt" => Encoding.Latin1.GetString(rest.Span),
                    "zTXt" => Encoding.Latin1.GetString(Unpack(Skip(rest, 1, name), name)),
                    _ => International(rest, name),
                }));
            }
        }

        return texts;
    }

    /// <summary>Writes tEXt where Latin-1 is enough, else iTXt.</summary>
    internal static void Write(Stream file, string key, string text)
    {
        if (key.Length is < 1 or > 79 || !key.All(IsLatin1) || key.Contains('\n') || key.Trim() != key)
        {
            throw new ArgumentException($"'{key}' is no PNG keyword: 1 to 79 Latin-1 characters without spaces around them.", nameof(key));
        }

        byte[] keyword = Encoding.Latin1.GetBytes(key);
        if (text.All(IsLatin1))
        {
            PngChunk.Write(file, "tEXt", [.. keyword, 0, .. Encoding.Latin1.GetBytes(text)]);
        }
        else
        {
            // After the keyword: not packed, method 0, no language, no translated keyword.
            PngChunk.Write(file, "iTXt", [.. keyword, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
        }
    }

    private static bool IsLatin1(char c) => c is '\n' or (>= ' ' and <= '~') or (>= '\u00A1' and <= '\u00FF');

    private static string International(ReadOnlyMemory<byte> rest, string name)
    {
        ReadOnlyMemory<byte> flags = rest;
        rest = Skip(rest, 2, name);
        _ = TakeUntilZero(ref rest, name);
        _ = TakeUntilZero(ref rest, name);
        return Encoding.UTF8.GetString(flags.Span[0] == 1 ? Unpack(rest, name) : rest.Span);
    }

    private static ReadOnlyMemory<byte> TakeUntilZero(ref ReadOnlyMemory<byte> rest, string name)
    {
        int end = rest.Span.IndexOf((byte)0);
        if (end < 0)
        {
            throw Malformed(name);
        }

        ReadOnlyMemory<byte> taken = rest[..end];
        rest = rest[(end + 1)..];
        return taken;
    }

    private static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> data, int count, string name) =>
        data.Length < count ? throw Malformed(name) : data[count..];

    private static ReadOnlySpan<byte> Unpack(ReadOnlyMemory<byte> packed, string name)
    {
        try
        {
            using ZLibStream zlib = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            using MemoryStream text = new();
            byte[] part = new byte[1 << 14];
            for (int count; (count = zlib.Read(part)) > 0;)
            {
                text.Write(part, 0, count);
                if (text.Length > MaxUnpacked)
                {
                    throw PngChunk.Damaged(name, $"one of its texts is longer than {MaxUnpacked >> 20} MB");
                }
            }

            return text.ToArray();
        }
        catch (InvalidDataException broken)
        {
            throw PngChunk.Damaged(name, "one of its packed texts is broken", broken);
        }
    }

    private static OnnxVizException Malformed(string name) => PngChunk.Damaged(name, "one of its text chunks is malformed");
}

using System.Buffers.Binary;

namespace OnnxViz.Imaging.Files;

/// <summary>What is wanted of a JPEG file (ITU-T T.81, annex B) besides its pixels.</summary>
/// <param name="Exif">The EXIF data from the byte-order mark on; empty where there are none.</param>
/// <param name="IsWhole">An end marker follows the first scan: what a progressive file has been cut to is a picture too, a worse one.</param>
internal readonly record struct JpegSegments(ReadOnlyMemory<byte> Exif, bool IsWhole)
{
    private const int App1 = 0xE1, StartOfScan = 0xDA;

    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    public static JpegSegments Of(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> exif = default;
        for (int at = 2; ;)
        {
            // Bytes that belong to nothing may come before a marker, and more than one 0xFF.
            int skipped = bytes.Span[at..].IndexOf((byte)0xFF);
            at = skipped < 0 ? bytes.Length : at + skipped + 1;
            if (bytes.Length - at < 3) return new(exif, false);
            int marker = bytes.Span[at];
            if (marker == StartOfScan) return new(exif, bytes.Span[at..].IndexOf(EndOfImage) >= 0);
            if (marker is 0xFF or <= 0x01 or (>= 0xD0 and <= 0xD8)) continue;

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[(at + 1)..]);
            if (length < 2 || length > bytes.Length - at - 1) return new(exif, false);
            ReadOnlyMemory<byte> content = bytes.Slice(at + 3, length - 2);
            if (marker == App1 && exif.IsEmpty && content.Span.StartsWith(ExifName)) exif = content[ExifName.Length..];
            at += 1 + length;
        }
    }
}

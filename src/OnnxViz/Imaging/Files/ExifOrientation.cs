using System.Buffers.Binary;

namespace OnnxViz.Imaging.Files;

/// <summary>
/// How a stored picture has to be turned to be upright, by EXIF 2.32's tag 0x0112: where in the stored picture the
/// shown one's first pixel, row and column lie.
/// </summary>
/// <param name="IsTransposed">The shown picture's rows are stored columns.</param>
/// <param name="FromRight">Stored columns are gone through from the right.</param>
/// <param name="FromBottom">Stored rows are gone through from the bottom.</param>
internal readonly record struct ExifOrientation(bool IsTransposed, bool FromRight, bool FromBottom)
{
    private const int Tag = 0x0112;
    private const int ShortType = 3;
    private const int LongType = 4;

    public static ExifOrientation Upright => default;

    /// <param name="value">The tag's value; what is not 1 to 8 means upright.</param>
    public static ExifOrientation Of(int value) => value switch
    {
        2 => new(false, true, false),
        3 => new(false, true, true),
        4 => new(false, false, true),
        5 => new(true, false, false),
        6 => new(true, false, true),
        7 => new(true, true, true),
        8 => new(true, true, false),
        _ => Upright,
    };

    /// <summary>Finds the orientation in EXIF data. It is a hint: data that cannot be read means upright.</summary>
    /// <param name="tiff">From the byte-order mark on.</param>
    public static ExifOrientation Read(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if ((!isLittle && !tiff.StartsWith("MM\0*"u8)) || tiff.Length < 8) return Upright;
        uint directory = Long(tiff[4..], isLittle);
        if (directory > tiff.Length - 2) return Upright;

        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = Short(entries, isLittle);
        for (entries = entries[2..]; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (Short(entries, isLittle) != Tag) continue;
            switch (Short(entries[2..], isLittle))
            {
                case ShortType: return Of(Short(entries[8..], isLittle));
                case LongType: return Of((int)Math.Min(Long(entries[8..], isLittle), int.MaxValue));
            }
        }

        return Upright;
    }

    /// <summary>The picture as it is to be shown.</summary>
    public Image Apply(Image stored)
    {
        if (this == Upright)
        {
            return stored;
        }

        int rowStep = 3 * stored.Width * (FromBottom ? -1 : 1);
        int columnStep = 3 * (FromRight ? -1 : 1);
        int start = stored.Offset(FromRight ? stored.Width - 1 : 0, FromBottom ? stored.Height - 1 : 0);
        var shown = IsTransposed ? new Image(stored.Height, stored.Width) : new Image(stored.Width, stored.Height);
        (int down, int across) = IsTransposed ? (columnStep, rowStep) : (rowStep, columnStep);
        for (int y = 0; y < shown.Height; y++)
        {
            Span<byte> row = shown.Row(y);
            int from = start + (y * down);
            for (int x = 0; x < row.Length; x += 3, from += across)
            {
                stored.Pixels.AsSpan(from, 3).CopyTo(row.Slice(x, 3));
            }
        }

        return shown;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}

namespace OnnxViz.Imaging;

/// <summary>
/// How a stored picture has to be turned to be upright, by EXIF 2.32's tag 0x0112: where in the stored picture the
/// shown one's first pixel, row and column lie.
/// </summary>
/// <param name="IsTransposed">The shown picture's rows are stored columns.</param>
/// <param name="FromRight">Stored columns are gone through from the right.</param>
/// <param name="FromBottom">Stored rows are gone through from the bottom.</param>
internal readonly record struct ExifOrientation(bool IsTransposed, bool FromRight, bool FromBottom)
{
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
}

namespace OnnxViz.Imaging.Resample;

/// <summary>Small whole-picture operations. All return a new picture.</summary>
internal static class ImageOps
{
    /// <summary>
    /// The rectangle of <paramref name="width"/> x <paramref name="height"/> pixels at (<paramref name="x"/>, <paramref name="y"/>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not inside the picture.</exception>
    public static Image Crop(Image image, int x, int y, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, image.Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, image.Height - y);
        Image result = new(width, height);
        for (int row = 0; row < height; row++)
        {
            image.Row(y + row).Slice(3 * x, 3 * width).CopyTo(result.Row(row));
        }

        return result;
    }

    /// <summary>The middle; an odd rest leaves one pixel more on the right and below.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is larger than the picture.</exception>
    public static Image CenterCrop(Image image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Crop(image, (image.Width - width) / 2, (image.Height - height) / 2, width, height);
    }

    /// <summary>
    /// Resizes so that the short side becomes <paramref name="side"/> and the long one round(long * side / short), halves to even,
    /// which is what Python's round does.
    /// </summary>
    public static Image ResizeShortSide(Image image, int side, ResampleFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        int shortSide = Math.Min(image.Width, image.Height);
        int Scale(int length) => length == shortSide ? side : (int)Math.Round((double)length * side / shortSide);
        if ((double)Math.Max(image.Width, image.Height) * side / shortSide * side > ImageLimits.MaxPixels)
        {
            throw OnnxVizException.Input(
                $"A picture of {image.Width}x{image.Height} pixels is too narrow to be made {side} pixels on its short side; crop it first, or stretch it to a size.", argument: "Size");
        }

        return Resampler.Resize(image, Scale(image.Width), Scale(image.Height), filter);
    }

    /// <summary>Every pixel as a square of <paramref name="factor"/> x <paramref name="factor"/>: small maps stay sharp.</summary>
    public static Image Enlarge(Image image, int factor)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        Image result = new(checked(image.Width * factor), checked(image.Height * factor));
        for (int y = 0; y < result.Height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y / factor);
            Span<byte> target = result.Row(y);
            for (int x = 0; x < result.Width; x++)
            {
                row.Slice(3 * (x / factor), 3).CopyTo(target[(3 * x)..]);
            }
        }

        return result;
    }

    /// <summary>Copies <paramref name="tile"/> into <paramref name="target"/>, in place, its corner at (x, y). It must fit.</summary>
    public static void Paste(Image target, Image tile, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(tile);
        for (int row = 0; row < tile.Height; row++)
        {
            tile.Row(row).CopyTo(target.Row(y + row).Slice(3 * x, 3 * tile.Width));
        }
    }
}

namespace OnnxViz.Imaging;

/// <summary>An 8-bit RGB picture. Pixels lie row by row from the top, three bytes each: red, green, blue.</summary>
public sealed class Image
{
    /// <summary>Every channel, [Height, Width, 3].</summary>
    public byte[] Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>A black picture.</summary>
    public Image(int width, int height)
        : this(width, height, new byte[ByteCount(width, height)])
    {
    }

    /// <summary>A picture over <paramref name="pixels"/>, which is not copied.</summary>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not hold 3 * width * height bytes.</exception>
    public Image(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != ByteCount(width, height))
        {
            throw new ArgumentException(
                $"A {width}x{height} picture has {ByteCount(width, height)} bytes, not {pixels.Length}.", nameof(pixels));
        }

        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Index of the red byte of a pixel; green and blue follow.</summary>
    public int Offset(int x, int y) => 3 * ((y * Width) + x);

    /// <summary>The bytes of row <paramref name="y"/>, 3 * Width of them.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(3 * Width * y, 3 * Width);

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return checked(3 * width * height);
    }
}

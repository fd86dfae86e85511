namespace OnnxViz.Imaging;

/// <summary>An 8-bit RGB colour.</summary>
internal readonly record struct Color(byte Red, byte Green, byte Blue)
{
    public static Color White { get; } = new(255, 255, 255);

    public static Color Black { get; } = new(0, 0, 0);

    /// <summary>Over what is there, with <paramref name="share"/> 0 to 1 of this colour.</summary>
    public void Blend(Image image, int x, int y, double share)
    {
        Span<byte> pixel = image.Pixels.AsSpan(image.Offset(x, y), 3);
        pixel[0] = Mix(pixel[0], Red, share);
        pixel[1] = Mix(pixel[1], Green, share);
        pixel[2] = Mix(pixel[2], Blue, share);
    }

    private static byte Mix(byte below, byte above, double share) => (byte)Math.Round(below + (share * (above - below)));
}

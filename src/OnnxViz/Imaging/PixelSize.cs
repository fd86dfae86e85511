using System.Globalization;

namespace OnnxViz.Imaging;

/// <summary>Height and width in pixels, as text "224" or "224x320".</summary>
public readonly record struct PixelSize(int Height, int Width)
{
    private const int LargestSide = 16384;

    /// <exception cref="FormatException">Another text, or a side that is not from 1 to 16384.</exception>
    public static PixelSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sides = Array.ConvertAll(text.ToLowerInvariant().Split('x'), side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return sides.Length <= 2 && Array.TrueForAll(sides, side => side is >= 1 and <= LargestSide)
            ? new(sides[0], sides[^1])
            : throw new FormatException($"H or HxW in pixels, such as 224 or 224x320, up to {LargestSide},");
    }

    public override string ToString() => Height == Width ? $"{Height}" : $"{Height}x{Width}";
}

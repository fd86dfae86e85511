using System.Globalization;

namespace OnnxViz.Imaging;

/// <summary>Height and width in pixels, as text "224" or "224x320"; of volumes the slices too, "16x224x320".</summary>
public readonly record struct PixelSize(int Height, int Width)
{
    private const int LargestSide = 16384;

    /// <summary>Slices; null where nothing is said of them.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether both sides were named, and not one for all.</summary>
    internal bool IsPair { get; private init; }

    /// <exception cref="FormatException">Another text, or a side that is not from 1 to 16384.</exception>
    public static PixelSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sides = Array.ConvertAll(text.ToLowerInvariant().Split('x'), side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return sides.Length <= 3 && Array.TrueForAll(sides, side => side is >= 1 and <= LargestSide)
            ? new(sides.Length == 1 ? sides[0] : sides[^2], sides[^1]) { Depth = sides.Length == 3 ? sides[0] : null, IsPair = sides.Length > 1 }
            : throw new FormatException($"H or HxW in pixels, such as 224 or 224x320, up to {LargestSide},");
    }

    public bool Equals(PixelSize other) => (Height, Width, Depth) == (other.Height, other.Width, other.Depth);

    public override int GetHashCode() => HashCode.Combine(Height, Width, Depth);

    public override string ToString() => Depth is { } depth ? $"{depth}x{Height}x{Width}" : Height == Width ? $"{Height}" : $"{Height}x{Width}";
}

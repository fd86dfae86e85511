namespace OnnxViz.Imaging;

/// <summary>256 colours for the values of a map, from its low end to its high end.</summary>
public sealed class ColorMap
{
    private readonly byte[] _colors;

    private ColorMap(string name, byte[] colors) => (Name, _colors) = (name, colors);

    /// <summary>Dark blue over green to yellow, even to the eye and in print. For maps without a sign.</summary>
    public static ColorMap Viridis { get; } = new("viridis", ColorTables.Viridis());

    /// <summary>Blue, white at zero, red. For signed maps.</summary>
    public static ColorMap Seismic { get; } = new("seismic", ColorTables.Seismic());

    /// <summary>Red, white at zero, blue, in softer colours; <see cref="Reversed"/> makes red the positive end.</summary>
    public static ColorMap RdBu { get; } = new("RdBu", ColorTables.RdBu());

    /// <summary>Blue over green and yellow to red: no even steps, but what class activation maps are mostly shown in.</summary>
    public static ColorMap Jet { get; } = new("jet", ColorTables.Jet());

    /// <summary>Black to white.</summary>
    public static ColorMap Gray { get; } = new("gray", [.. Enumerable.Range(0, 768).Select(i => (byte)(i / 3))]);

    public static IReadOnlyList<ColorMap> All { get; } = [Viridis, Jet, Seismic, RdBu, Gray];

    /// <summary>As matplotlib calls it; a trailing <c>_r</c> means reversed.</summary>
    public string Name { get; }

    /// <summary>Whether the middle colour means zero.</summary>
    public bool IsDiverging => Name.StartsWith(Seismic.Name, StringComparison.Ordinal) || Name.StartsWith(RdBu.Name, StringComparison.Ordinal);

    /// <summary>The map of this name in any case, <c>_r</c> allowed, or null.</summary>
    public static ColorMap? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool reversed = name.EndsWith("_r", StringComparison.OrdinalIgnoreCase);
        string plain = reversed ? name[..^2] : name;
        ColorMap? map = All.FirstOrDefault(map => map.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
        return reversed ? map?.Reversed() : map;
    }

    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <exception cref="FormatException">There is no such map.</exception>
    public static ColorMap Parse(string name) =>
        Find(name) ?? throw new FormatException($"one of {string.Join(", ", All.Select(map => map.Name))}, each with _r behind it reversed,");

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>The same colours from the other end.</summary>
    public ColorMap Reversed() => new(
        Name.EndsWith("_r", StringComparison.Ordinal) ? Name[..^2] : Name + "_r",
        [.. _colors.Chunk(3).Reverse().SelectMany(color => color)]);

    /// <summary>The colour at <paramref name="position"/>, 0 to 1; outside the nearer end; magenta for NaN, to be seen.</summary>
    public (byte Red, byte Green, byte Blue) At(float position)
    {
        if (float.IsNaN(position))
        {
            return (255, 0, 255);
        }

        int i = 3 * Math.Clamp((int)(position * 256), 0, 255);
        return (_colors[i], _colors[i + 1], _colors[i + 2]);
    }

    /// <param name="map">[height, width]</param>
    /// <param name="width">Of map and picture.</param>
    /// <param name="height">Of map and picture.</param>
    /// <param name="low">The value of the first colour.</param>
    /// <param name="high">The value of the last colour; <see cref="MapRange"/> finds useful ones.</param>
    public Image Apply(ReadOnlySpan<float> map, int width, int height, float low, float high)
    {
        MapRange.CheckSize(map, width, height);
        MapRange range = new(low, high);
        Image image = new(width, height);
        for (int i = 0; i < map.Length; i++)
        {
            float position = float.IsNaN(map[i]) ? float.NaN : range.Normalize(map[i]);
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = At(position);
        }

        return image;
    }

    /// <inheritdoc cref="Apply(ReadOnlySpan{float}, int, int, float, float)"/>
    public Image Apply(ReadOnlySpan<float> map, int width, int height, MapRange range) => Apply(map, width, height, range.Low, range.High);
}

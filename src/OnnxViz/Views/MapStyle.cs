namespace OnnxViz.Views;

/// <summary>In which colours maps are drawn, and from which value to which.</summary>
/// <param name="Colors">Diverging ones have zero in their middle.</param>
/// <param name="Common">One scale for all maps; null for one of each map's own.</param>
internal sealed record MapStyle(ColorMap Colors, MapRange? Common = null)
{
    /// <summary>Share of the positions that may be brighter than the brightest colour.</summary>
    private const double Percentile = 99.5;

    /// <summary>The scale that suits some values.</summary>
    public MapRange RangeOf(ReadOnlySpan<float> values) =>
        Colors.IsDiverging ? MapRange.Symmetric(values, Percentile) : MapRange.Between(values, 0, Percentile);

    public Image Draw(ReadOnlySpan<float> map, int width, int height) => Colors.Apply(map, width, height, Common ?? RangeOf(map));
}

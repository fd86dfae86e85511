using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Features;

/// <summary>What a layer makes of a picture.</summary>
/// <param name="Layer">The name that was asked for.</param>
/// <param name="Raw">The activation as the model has it.</param>
/// <param name="Maps">The activation with its units on axis 1: [1, C, H, W], or [1, C] of a layer without positions.</param>
public sealed record ActivationMaps(string Layer, Tensor Raw, Tensor Maps)
{
    /// <summary>Maps are enlarged to about this side, in pixels.</summary>
    private const int TileSide = 56;

    /// <summary>Percentile of the values from which on a map has its brightest colour.</summary>
    private const double Brightest = 99.5;

    /// <summary>The maps of all units in their order, each in viridis on a scale of its own.</summary>
    public Image Picture => Grid.Compose(
        [.. Enumerable.Range(0, (int)Maps.Dims[1]).Select(unit => new GridTile(Tile(unit)))], new GridOptions { Title = Layer, Padding = 2 });

    /// <summary>The map of one unit, a pixel for each position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such unit.</exception>
    public Image Map(int unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unit, Maps.Dims[1]);
        var size = (int)(Maps.Count / Maps.Dims[1]);
        var map = Maps.ToFloats().AsSpan(unit * size, size);
        var width = Maps.Dims.Length > 2 ? (int)Maps.Dims[^1] : 1;
        return ColorMap.Viridis.Apply(map, width, size / width, MapRange.Between(map, 0, Brightest));
    }

    /// <summary>Writes <see cref="Picture"/> as a PNG file.</summary>
    /// <exception cref="OnnxVizException">Not writable.</exception>
    public void Save(string path) => Picture.Save(path);

    private Image Tile(int unit)
    {
        var map = Map(unit);
        return ImageOps.Enlarge(map, Math.Max(1, TileSide / Math.Max(map.Width, map.Height)));
    }
}

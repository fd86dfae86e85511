using System.Globalization;

namespace OnnxViz.Objectives;

/// <summary>
/// A place in a unit's map, counted from 0: (y, x) of a layer [N, C, H, W], (i) of [N, C, L], such as anchors, (z, y, x) of volumes.
/// </summary>
public sealed class MapPosition : IEquatable<MapPosition>
{
    private readonly int[] _indices;

    /// <param name="indices">One for each axis behind that of the units.</param>
    public MapPosition(params IReadOnlyList<int> indices) => _indices = [.. indices];

    /// <summary>One for each axis behind that of the units.</summary>
    public IReadOnlyList<int> Indices => _indices;

    public bool Equals(MapPosition? other) => other is not null && _indices.AsSpan().SequenceEqual(other._indices);

    public override bool Equals(object? obj) => Equals(obj as MapPosition);

    public override int GetHashCode() => _indices.Aggregate(_indices.Length, HashCode.Combine);

    /// <summary>"14,20".</summary>
    public override string ToString() => string.Join(',', _indices.Select(i => i.ToString(CultureInfo.InvariantCulture)));

    /// <param name="dims">Of the layer's activation, units on axis 1.</param>
    /// <param name="name">Of the layer.</param>
    /// <exception cref="OnnxVizException">The layer's maps have no such place.</exception>
    internal void Check(long[] dims, string name)
    {
        var map = dims.AsSpan(2).ToArray();
        if (map.Length == 0) throw OnnxVizException.Input($"'{name}' has the shape [{Shapes.Text(dims)}]: no positions to choose from.");
        var size = string.Join('x', map);
        if (map.Length != _indices.Length)
            throw OnnxVizException.Input($"'{name}' has no position {this}: its maps are {size}, so a position is {map.Length} number{(map.Length == 1 ? "" : "s")}.");
        if (!_indices.Zip(map).All(i => i.First >= 0 && i.First < i.Second))
            throw OnnxVizException.Input($"'{name}' has no position {this}: its maps are {size} for pictures of this size, counted from {string.Join(',', map.Select(_ => 0))}.");
    }
}

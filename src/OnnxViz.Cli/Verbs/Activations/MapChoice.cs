using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Activations;

/// <summary>Which maps of each layer are shown, and on which scale: the same for all pictures, so that they can be compared. The first pictures decide.</summary>
internal sealed class MapChoice
{
    private const int ShownByDefault = 64;

    private readonly MapStyle[] _styles;

    /// <param name="verb">Its units.</param>
    /// <param name="options">How many, and their order and scale.</param>
    /// <param name="style">Their colours.</param>
    /// <param name="layers">Names of the layers.</param>
    /// <param name="first">Of some pictures.</param>
    /// <exception cref="OnnxVizException">A layer has no such unit.</exception>
    public MapChoice(ActivationsVerb verb, FeatureMapOptions options, MapStyle style, IReadOnlyList<string> layers, IReadOnlyList<MapPiece> first)
    {
        var maps = layers.Select((name, layer) => first.Select(p => new LayerMaps(p.Subject, name, p.Layers[layer].Maps)).ToList()).ToList();
        Units = [.. maps.Select((m, layer) => UnitsOf(verb, options, layers[layer], m))];
        _styles = [.. maps.Select((m, layer) => options.Scale == MapScale.Common
            ? style with { Common = style.RangeOf(m.SelectMany(one => (one with { Units = Units[layer] }).Shown()).ToArray()) }
            : style)];
    }

    /// <summary>Of each layer, in the order in which they are shown.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Units { get; }

    public LayerMaps Of(MapPiece piece, string name, int layer) =>
        new(piece.Subject, name, piece.Layers[layer].Maps) { Units = Units[layer], Style = _styles[layer] };

    private static IReadOnlyList<int> UnitsOf(ActivationsVerb verb, FeatureMapOptions options, string layer, List<LayerMaps> maps)
    {
        int[] strongest = [.. Enumerable.Range(0, maps[0].Count).OrderByDescending(u => maps.Sum(m => verb.Difference ? m.Strength(u) : m.Mean(u)))];
        IReadOnlyList<int> units = verb.Unit is null ? [.. strongest.Take(options.Count ?? ShownByDefault)] : UnitList.Parse(verb.Unit, maps[0].Count, layer, verb.Seed);
        return options.Sort switch
        {
            MapOrder.Strength when verb.Unit is not null => [.. strongest.Where(units.ToHashSet().Contains)],
            MapOrder.Index => [.. units.Order()],
            _ => units,
        };
    }
}

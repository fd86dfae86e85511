using OnnxViz.Options;

namespace OnnxViz.Views;

/// <summary>Which values get which colours.</summary>
internal enum MapScale
{
    /// <summary>Every map has a scale of its own.</summary>
    Each,

    /// <summary>All maps of a layer have one.</summary>
    Common,
}

/// <summary>Order of maps.</summary>
internal enum MapOrder
{
    /// <summary>The highest mean first.</summary>
    Strength,

    /// <summary>By their numbers.</summary>
    Index,
}

/// <summary>Which feature maps of a layer are shown, and how.</summary>
internal sealed record FeatureMapOptions
{
    /// <summary>64 where it is null and no unit is named.</summary>
    [Option("count", "How many of the maps with the highest mean, where no unit is named.", Min = 1, Default = "64")]
    public int? Count { get; init; }

    /// <summary>Null for <see cref="MapOrder.Strength"/> where no unit is named, otherwise for the order given.</summary>
    [Option("sort", "Order of the maps: the highest mean first, as where no unit is named, or by their numbers; without it units come as they are given.")]
    public MapOrder? Sort { get; init; }

    [Option("scale", "Whether every map has a scale of its own, so that weak ones are seen, or all maps of a layer one, so that they can be compared.")]
    public MapScale Scale { get; init; }

    /// <summary>Null for what suits the maps.</summary>
    [Option("colormap", "viridis, gray, seismic or RdBu; _r behind the name reverses it.", Form = "NAME", Default = "viridis, of a difference RdBu_r")]
    public ColorMap? Colors { get; init; }
}

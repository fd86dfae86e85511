using OnnxViz.Options;

namespace OnnxViz.Deconv;

/// <summary>What of a layer is projected back.</summary>
public sealed record DeconvOptions
{
    /// <summary>9 where it is null and no unit is named.</summary>
    [Option("top", "How many of the units with the strongest activation, where none is named.", Form = "K", Min = 1, Default = "9")]
    public int? Top { get; init; }

    [Option("whole", "Project each unit's whole map instead of its strongest activation alone.")]
    public bool Whole { get; init; }

    [Option("maps", "Show each unit's feature map in front of its projection.")]
    public bool Maps { get; init; }
}

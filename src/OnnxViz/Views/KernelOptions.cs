using OnnxViz.Options;

namespace OnnxViz.Views;

/// <summary>How the weight of a convolution is shown.</summary>
internal sealed record KernelOptions
{
    /// <summary>Null for one tile per unit of a layer that takes colours, or one channel; for a matrix of kernels of one position; else for <see cref="Usual"/>.</summary>
    [Option("strongest", "A row for each unit, with its slices for the N input channels that it weighs most (L2 norm).", Min = 1, Default = "4 where a layer takes no colours, several units in a row")]
    public int? Strongest { get; init; }

    /// <summary>Slices of a unit that are drawn where nobody says how many.</summary>
    public const int Usual = 4;

    [Option("labels", "Write the numbers of the units below the colours of a first layer.")]
    public bool Labels { get; init; }

    /// <summary>Null for as many as suit the sheet.</summary>
    [Option("columns", "Tiles in a row.", Min = 1)]
    public int? Columns { get; init; }
}

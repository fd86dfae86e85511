using OnnxViz.Options;

namespace OnnxViz.Views;

/// <summary>How the weight of a convolution is shown.</summary>
internal sealed record KernelOptions
{
    /// <summary>Null for one tile per unit.</summary>
    [Option("strongest", "A row for each unit, with its slices for the N input channels that it weighs most (L2 norm).", Min = 1)]
    public int? Strongest { get; init; }

    [Option("labels", "Write the numbers of the units below the colours of a first layer.")]
    public bool Labels { get; init; }

    /// <summary>Null for as many as suit the sheet.</summary>
    [Option("columns", "Tiles in a row.", Min = 1)]
    public int? Columns { get; init; }
}

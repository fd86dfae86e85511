using OnnxViz.Options;
using OnnxViz.Top;

namespace OnnxViz.Evolve;

/// <summary>What is looked at in every checkpoint of a training run.</summary>
internal sealed record EvolveOptions
{
    [OptionGroup]
    public TopOptions Search { get; init; } = new();

    /// <summary>Null for all.</summary>
    [Option("pictures", "Look at the first N training pictures only.", Min = 1, Default = "all")]
    public int? Pictures { get; init; }

    /// <summary>0 leaves the maximisation out.</summary>
    [Option("steps", "Steps of each maximisation; 0 leaves it out.", Min = 0, Max = 10000)]
    public int Steps { get; init; } = 64;
}

using OnnxViz.Options;

namespace OnnxViz.Datasets;

/// <summary>How a data set that has no split of its own is divided.</summary>
public sealed record DatasetOptions
{
    /// <summary>Applies to each class, so that the test pictures have the proportions of all.</summary>
    [Option("test-share", "Share of every class that is kept for testing, where the data has no test pictures of its own.", Form = "SHARE", Above = 0, Max = 0.9)]
    public double TestShare { get; init; } = 0.2;

    /// <summary>Apart from other seeds, because whoever looks at a trained network has to find the same split again.</summary>
    [Option("split-seed", "Where the choice of these starts: the same seed makes the same split.")]
    public ulong SplitSeed { get; init; }
}

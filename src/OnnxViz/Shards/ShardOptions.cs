using OnnxViz.Options;

namespace OnnxViz.Shards;

/// <summary>Whether all of a run's work is done, or one part of it.</summary>
internal sealed record ShardOptions
{
    /// <summary>Null for all.</summary>
    [Option("shard", "Of N parts of the work do the I-th (1/N to N/N) and draw nothing: on one machine after the other or on N at once.", Form = "I/N")]
    public Shard? Shard { get; init; }
}

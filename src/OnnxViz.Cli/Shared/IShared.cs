using OnnxViz.Shards;

namespace OnnxViz.Cli.Shared;

/// <summary>
/// A verb whose work several machines share. It takes --shard by a static property of <see cref="Sharding.Bound"/>, does a part
/// where <see cref="Sharding.PartOf"/> says so, and takes its results from <see cref="Joined"/> where there are such.
/// </summary>
internal interface IShared
{
    /// <summary>The parts that are drawn instead of work of its own; null for none.</summary>
    PartSet? Joined { get; set; }

    /// <summary>-o.</summary>
    string? Out { get; set; }

    /// <summary>--raw; null for verbs without.</summary>
    string? Raw { get; set; }
}

using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>A verb that draws something at random.</summary>
internal interface IRandom
{
    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Where randomness starts: the same seed gives the same result.")]
    ulong Seed { get; set; }
}

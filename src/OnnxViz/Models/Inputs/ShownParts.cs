using OnnxViz.Options;

namespace OnnxViz.Models.Inputs;

/// <summary>Which parts of an input that is no picture are shown.</summary>
internal sealed record ShownParts
{
    [Option("channels", "Channels of the input that are shown, from 0: three as red, green and blue, one as gray, or each by itself. Attributions are then those of the channels shown.", Form = "A,B,..|each", Default = "what suits their number, attributions of all")]
    public PartChoice? Channels { get; init; }

    [Option("slice", "Slices of a volume that are shown, from 0, or the maximum over all of them.", Form = "A,B,..|each|max", Default = "nine, evenly spaced")]
    public PartChoice? Slice { get; init; }

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsAll => Channels is null && Slice is null;
}

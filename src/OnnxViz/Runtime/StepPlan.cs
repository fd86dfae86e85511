namespace OnnxViz.Runtime;

/// <summary>One of the ways in which the same steps can be run on a GPU.</summary>
/// <param name="Search">How cuDNN chooses among its kernels: HEURISTIC or EXHAUSTIVE.</param>
/// <param name="ChannelsLast">Whether convolutions and pools run with the channels last.</param>
internal sealed record StepPlan(string Search, bool ChannelsLast)
{
    /// <summary>The one that is taken where none is tried: DEFAULT may take cuDNN's slowest kernels.</summary>
    public static StepPlan First { get; } = new("HEURISTIC", false);

    /// <summary>
    /// None is always the best: HEURISTIC now and then takes a kernel that is 50 times too slow, EXHAUSTIVE took worse ones for a
    /// batch of 32, and channels last pay for some networks.
    /// </summary>
    /// <param name="graph">Channels go last only where weights are constant: others would be turned round in every step, or leave the GPU.</param>
    public static IReadOnlyList<StepPlan> For(Graph graph)
    {
        var hasConstantWeights = graph.Nodes.TrueForAll(n => n.OpType is not ("Conv" or "ConvTranspose") || n.Input(1)?.Constant is not null);
        return hasConstantWeights
            ? [First, new("EXHAUSTIVE", false), new("HEURISTIC", true), new("EXHAUSTIVE", true)]
            : [First, new("EXHAUSTIVE", false)];
    }

    /// <summary>Such as "exhaustive, channels last".</summary>
    public override string ToString() => Search.ToLowerInvariant() + (ChannelsLast ? ", channels last" : "");
}

namespace OnnxViz.Rewriting;

/// <summary>What is rewritten of graphs that run on the CPU.</summary>
internal static class CpuRewrites
{
    /// <param name="graph">Stays as it is.</param>
    /// <param name="isQuicker">Whether a convolution that <see cref="Winograd"/> takes is quicker so.</param>
    public static Graph Of(Graph graph, Func<Node, bool> isQuicker) => GraphCopy.Of(graph, [new FastConvolutions(isQuicker), new PaddedConvolutions(), new GradientMasks(isQuicker)]);
}

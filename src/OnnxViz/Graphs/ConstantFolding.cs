namespace OnnxViz.Graphs;

/// <summary>Computes a node whose result does not depend on the graph's inputs.</summary>
internal static class ConstantFolding
{
    public static Tensor[]? TryFold(Node node) => null;
}

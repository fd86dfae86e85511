using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Models;

/// <summary>How many pictures go through a network and its gradient at once. It depends on the model alone, so that results do not on the machine.</summary>
internal static class BatchMemory
{
    /// <summary>What the activations of one batch may take, forward and backward together.</summary>
    private const long Bytes = 3L << 30;

    /// <summary>Of networks that take next to nothing; sums with it stay within an int.</summary>
    private const int Most = 1 << 20;

    /// <param name="forward">The network for one picture.</param>
    /// <param name="views">How many transformed views of each picture run.</param>
    public static int Pictures(Graph forward, int views = 1)
    {
        // Every activation once forward, and about as much again backward.
        var bytes = 2 * views * forward.Nodes.SelectMany(n => n.Outputs).Where(v => v.HasStaticShape).Sum(v => 4 * Shapes.Count(v.Dims));
        return (int)Math.Clamp(Bytes / Math.Max(1, bytes), 1, Most);
    }
}

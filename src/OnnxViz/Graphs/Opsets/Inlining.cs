namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Copies a graph into a builder. Because the builder infers shapes and folds constants on the way, inlining a model
/// behind an input of a known size is what specialises it: Shape-Gather-Concat chains, computed pads and casts of
/// weights disappear, operators of old opsets arrive as those of today, conditions are decided and loops unrolled.
/// </summary>
internal static class Inlining
{
    /// <param name="builder">Where the copy goes.</param>
    /// <param name="model">The graph to copy; it stays as it is.</param>
    /// <param name="inputs">What stands for each input of the model that the wanted values need.</param>
    /// <param name="wanted">What has to be computed; only the nodes for these are copied.</param>
    /// <param name="keepPrivate">Copies operators of other domains as they are, instead of refusing them.</param>
    /// <returns>For every copied value of the model its counterpart.</returns>
    /// <exception cref="OnnxVizException">An input is missing, or shapes do not fit together.</exception>
    public static IReadOnlyDictionary<Value, Value> Inline(
        this GraphBuilder builder, Graph model, IReadOnlyDictionary<Value, Value> inputs, IEnumerable<Value> wanted,
        bool keepPrivate = false)
    {
        var map = new Dictionary<Value, Value>(inputs);
        new GraphCopier(builder, map, keepPrivate).Copy(model, [.. wanted]);
        return map;
    }
}

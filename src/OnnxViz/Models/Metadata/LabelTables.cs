namespace OnnxViz.Models.Metadata;

/// <summary>Names of classes in a graph itself: what ZipMap and LabelEncoder write out, and tables of texts that a class is looked up in.</summary>
internal static class LabelTables
{
    private static readonly string[] _attributes = ["classlabels_strings", "values_strings", "cats_strings", "value_strings"];

    /// <param name="graph">The network.</param>
    /// <returns>The first tables with more than one name.</returns>
    public static IEnumerable<InputDescription> Read(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            foreach (var attribute in _attributes)
            {
                if (node.Attributes.GetValueOrDefault(attribute) is string[] { Length: > 1 } names && Array.TrueForAll(names, n => n.Length > 0))
                    yield return new() { Source = node.OpType == "Constant" ? "a table of texts in its graph" : $"the {node.OpType} of its graph", Labels = Ordered(node, names) };
            }
        }
    }

    /// <summary>A LabelEncoder's names in the order of the numbers that they stand for.</summary>
    private static string[] Ordered(Node node, string[] names) =>
        node.Attributes.GetValueOrDefault("keys_int64s") is long[] keys && keys.Length == names.Length ? [.. names.Zip(keys).OrderBy(p => p.Second).Select(p => p.First)] : names;
}

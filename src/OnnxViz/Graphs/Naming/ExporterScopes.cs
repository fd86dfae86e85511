namespace OnnxViz.Graphs.Naming;

/// <summary>
/// The modules that PyTorch's TorchScript exporter writes into the names of nodes: "/layer1/layer1.0/conv1/Conv" is the
/// Conv of layer1.0.conv1.
/// </summary>
internal static class ExporterScopes
{
    /// <summary>
    /// The paths of all modules that the node is in, the outermost first; none if its name holds no scope. An item of a
    /// Sequential or ModuleList repeats the name of its list; a module that is called a second time is written "relu_1".
    /// </summary>
    public static List<string> Of(Node node)
    {
        var paths = new List<string>();
        if (!node.Name.StartsWith('/') || node.Name.Length > ParameterNames.LongestName) return paths;
        var parts = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (list, last) = ("", "");
        foreach (var part in parts.SkipLast(1))
        {
            var isItem = last.Length > 0 && part.StartsWith(last + ".", StringComparison.Ordinal);
            var around = isItem ? list : paths.LastOrDefault("");
            paths.Add(around.Length > 0 ? $"{around}.{part}" : part);
            (list, last) = (around, part);
        }

        return paths;
    }

    /// <summary>
    /// For every module the value that is its output: the last one made inside that is needed outside, or an output of
    /// the graph.
    /// </summary>
    public static Dictionary<string, Value> Outputs(DataFlow flow)
    {
        var scopes = flow.Nodes.ToDictionary(n => n, Of);
        var outputs = new Dictionary<string, Value>();
        foreach (var node in flow.Nodes)
        {
            foreach (var value in flow.OutputsOf(node))
            {
                var consumers = flow.Consumers(value);
                foreach (var module in scopes[node])
                    if (consumers.Count == 0 || consumers.Any(c => !scopes[c].Contains(module))) outputs[module] = value;
            }
        }

        return outputs;
    }
}

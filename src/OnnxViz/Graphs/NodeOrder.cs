namespace OnnxViz.Graphs;

/// <summary>Puts nodes in an order in which every value is computed before it is used.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes as they stand when that will do, else each right after what it was missing.</summary>
    /// <exception cref="OnnxVizException">A node needs its own result.</exception>
    public static List<Node> Sorted(List<Node> nodes)
    {
        // Nodes of a graph around this one are done before it starts.
        var open = nodes.ToHashSet();
        var waiting = new HashSet<Node>();
        var result = new List<Node>(nodes.Count);
        var path = new Stack<(Node Node, IEnumerator<Value> Needs)>();
        foreach (var root in nodes)
        {
            Visit(root);
            while (path.TryPeek(out var top))
            {
                if (top.Needs.MoveNext())
                {
                    if (top.Needs.Current.Producer is { } producer) Visit(producer);
                    continue;
                }

                path.Pop();
                waiting.Remove(top.Node);
                open.Remove(top.Node);
                result.Add(top.Node);
            }
        }

        return result;

        void Visit(Node node)
        {
            if (!open.Contains(node)) return;
            if (!waiting.Add(node)) throw OnnxVizException.Input($"{node} needs its own result: the graph runs in a circle.");
            path.Push((node, node.Needs().GetEnumerator()));
        }
    }
}

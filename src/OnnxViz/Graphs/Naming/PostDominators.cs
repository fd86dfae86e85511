namespace OnnxViz.Graphs.Naming;

/// <summary>
/// For every node of a flow the next one that all its results run through, as a tree whose root is the end of the graph.
/// (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001; without cycles one pass is enough.)
/// </summary>
internal sealed class PostDominators
{
    private readonly Dictionary<Node, Entry> _entries = [];
    private readonly Entry _end = new(null, null, 0);

    public PostDominators(DataFlow flow)
    {
        foreach (var node in flow.Nodes.Reverse())
        {
            // That a value is an output of the graph as well does not count: a prepared model exposes them all.
            var consumers = flow.Consumers(node).Select(c => _entries[c]).DefaultIfEmpty(_end);
            var next = consumers.Aggregate(Common);
            _entries.Add(node, new Entry(node, next, next.Depth + 1));
        }
    }

    /// <summary>The first node that everything leaving the given one comes through; null at the end of the graph.</summary>
    public Node? Next(Node node) => _entries[node].Next!.Node;

    /// <summary>The first node, one of the given perhaps, that the results of all of them run through; null if there is none.</summary>
    public Node? Meeting(IEnumerable<Node> nodes) => nodes.Select(n => _entries[n]).Aggregate(Common).Node;

    private static Entry Common(Entry a, Entry b)
    {
        if (a.Depth < b.Depth) (a, b) = (b, a);
        while (a.Depth > b.Depth) a = a.Jump.Depth >= b.Depth ? a.Jump : a.Next!;
        while (a != b) (a, b) = a.Jump != b.Jump ? (a.Jump, b.Jump) : (a.Next!, b.Next!);
        return a;
    }

    private sealed class Entry(Node? node, Entry? next, int depth)
    {
        private readonly Entry? _jump = next is null ? null
            : next.Depth - next.Jump.Depth == next.Jump.Depth - next.Jump.Jump.Depth ? next.Jump.Jump : next;

        public Node? Node { get; } = node;

        public Entry? Next { get; } = next;

        public int Depth { get; } = depth;

        /// <summary>An entry further on, so that any is reached in few steps (Myers: An applicative random-access stack, 1983).</summary>
        public Entry Jump => _jump ?? this;
    }
}

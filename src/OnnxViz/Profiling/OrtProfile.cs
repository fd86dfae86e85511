namespace OnnxViz.Profiling;

/// <summary>A node's run. Times are microseconds on the clock of its session.</summary>
internal readonly record struct NodeRun(NodeTotals Node, long Start, long Duration);

/// <summary>A run of a session, by ONNX Runtime's clock, with the runs of its nodes.</summary>
internal sealed record OrtRun(long Start, long Duration, IReadOnlyList<NodeRun> Nodes);

/// <summary>What ONNX Runtime's profiler wrote of one session.</summary>
/// <param name="Nodes">Every node with all its runs.</param>
/// <param name="Runs">The runs, in order; nodes as far as the timeline has room.</param>
/// <param name="Count">How many runs were recorded.</param>
/// <param name="Inside">Microseconds within all of these.</param>
/// <param name="PeakBytes">What its allocator had handed out at most; 0 where that is not told.</param>
internal sealed record OrtProfile(IReadOnlyList<NodeTotals> Nodes, IReadOnlyList<OrtRun> Runs, long Count, long Inside, long PeakBytes)
{
    public static OrtProfile Empty { get; } = new([], [], 0, 0, 0);

    /// <param name="path">The file.</param>
    /// <param name="index">The nodes of the graph that was run.</param>
    /// <param name="timeline">Has room for some of their runs.</param>
    public static OrtProfile Read(string path, NodeIndex index, Timeline timeline)
    {
        var totals = new Dictionary<(string, string), NodeTotals>();
        var runs = new List<OrtRun>();
        var open = new Dictionary<long, List<NodeRun>>();
        var inner = new Dictionary<long, Stack<OrtEvent>>();
        long count = 0, inside = 0, peak = 0;
        foreach (var e in OrtEvent.ReadAll(path))
        {
            if (!open.TryGetValue(e.Thread, out var nodes)) (open[e.Thread], inner[e.Thread]) = (nodes = [], new());
            if (e.IsNode)
            {
                peak = Math.Max(peak, e.PeakBytes);
                var node = Totals(e);
                node.Add(e, e.Duration - Within(e, inner[e.Thread]));
                if (timeline.TakesNode()) nodes.Add(new NodeRun(node, e.Start, e.Duration));
            }
            else if (e.IsRun)
            {
                // The run of a session is told when it is over, so behind its nodes.
                (count, inside) = (count + 1, inside + e.Duration);
                runs.Add(new OrtRun(e.Start, e.Duration, nodes));
                open[e.Thread] = [];
                inner[e.Thread].Clear();
            }
        }

        return new OrtProfile([.. totals.Values], [.. runs.OrderBy(r => r.Start)], count, inside, peak);

        NodeTotals Totals(OrtEvent e)
        {
            if (totals.TryGetValue((e.Name, e.Operator), out var known)) return known;
            return totals[(e.Name, e.Operator)] = new NodeTotals(e.Name, e.Operator, e.Provider, index.Find(e.Name, e.Operator));
        }
    }

    /// <summary>Time of the nodes that ran within a node: a loop's body. They are told before it.</summary>
    private static long Within(OrtEvent e, Stack<OrtEvent> told)
    {
        long within = 0;
        while (told.TryPeek(out var last) && last.Start >= e.Start) within += told.Pop().Duration;
        told.Push(e);
        return within;
    }
}

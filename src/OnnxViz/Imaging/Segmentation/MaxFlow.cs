namespace OnnxViz.Imaging.Segmentation;

/// <summary>
/// The minimum cut between a source and a sink of a graph whose nodes all touch both (Boykov and Kolmogorov, "An
/// experimental comparison of min-cut/max-flow algorithms", 2004): two trees grow from the terminals, a path where they
/// meet is filled, and what lost its parent looks for another one.
/// </summary>
internal sealed class MaxFlow
{
    private const int None = -1;
    private const int Terminal = -2;
    private const int Orphan = -3;

    private readonly int[] _first;
    private readonly long[] _terminal;
    private readonly List<int> _head = [];
    private readonly List<int> _next = [];
    private readonly List<long> _capacity = [];
    private readonly Tree[] _tree;
    private readonly int[] _parent;
    private readonly int[] _distance;
    private readonly int[] _stamp;
    private readonly Queue<int> _active = new();
    private readonly Queue<int> _orphans = new();
    private int _time;

    public MaxFlow(int nodes)
    {
        _first = new int[nodes];
        Array.Fill(_first, None);
        (_terminal, _tree, _parent) = (new long[nodes], new Tree[nodes], new int[nodes]);
        (_distance, _stamp) = (new int[nodes], new int[nodes]);
    }

    private enum Tree : byte
    {
        Free,
        Source,
        Sink,
    }

    /// <summary>Adds capacities from the source to a node and from it to the sink; what both share flows at once.</summary>
    public void Terminals(int node, long fromSource, long toSink) => _terminal[node] += fromSource - toSink;

    /// <summary>Adds a capacity in both directions.</summary>
    public void Edge(int a, int b, long capacity)
    {
        Arc(a, b, capacity);
        Arc(b, a, capacity);
    }

    /// <summary>Whether each node lies on the source's side of the minimum cut.</summary>
    public bool[] SourceSide(CancellationToken token = default)
    {
        Start();
        while (_active.TryDequeue(out var node))
        {
            // It stays active as long as it finds the other tree.
            while (_tree[node] != Tree.Free && Grow(node) is var bridge and not None)
            {
                token.ThrowIfCancellationRequested();
                _time++;
                Augment(bridge);
                while (_orphans.TryDequeue(out var orphan)) Adopt(orphan);
            }
        }

        return Array.ConvertAll(_tree, t => t == Tree.Source);
    }

    private void Arc(int from, int to, long capacity)
    {
        _head.Add(to);
        _next.Add(_first[from]);
        _capacity.Add(capacity);
        _first[from] = _head.Count - 1;
    }

    private void Start()
    {
        for (var node = 0; node < _first.Length; node++)
        {
            _parent[node] = None;
            if (_terminal[node] == 0) continue;
            (_tree[node], _parent[node], _distance[node]) = (_terminal[node] > 0 ? Tree.Source : Tree.Sink, Terminal, 1);
            _active.Enqueue(node);
        }
    }

    /// <summary>What can still flow between a node and the far end of one of its arcs, away from the node's own terminal.</summary>
    private long Outward(Tree tree, int arc) => _capacity[tree == Tree.Source ? arc : arc ^ 1];

    /// <returns>The arc from the source's tree to the sink's where they meet, or none.</returns>
    private int Grow(int node)
    {
        var tree = _tree[node];
        for (var arc = _first[node]; arc != None; arc = _next[arc])
        {
            if (Outward(tree, arc) == 0) continue;
            var other = _head[arc];
            if (_tree[other] == Tree.Free)
            {
                _tree[other] = tree;
                Attach(other, arc ^ 1, node);
                _active.Enqueue(other);
            }
            else if (_tree[other] != tree)
            {
                return tree == Tree.Source ? arc : arc ^ 1;
            }
            else if (_stamp[other] <= _stamp[node] && _distance[other] > _distance[node] + 1)
            {
                // A shorter way to the terminal.
                Attach(other, arc ^ 1, node);
            }
        }

        return None;
    }

    private void Attach(int node, int arc, int parent) =>
        (_parent[node], _stamp[node], _distance[node]) = (arc, _stamp[parent], _distance[parent] + 1);

    private void Augment(int bridge)
    {
        var (above, below) = (_head[bridge ^ 1], _head[bridge]);
        var flow = Math.Min(_capacity[bridge], Math.Min(Bottleneck(above, Tree.Source), Bottleneck(below, Tree.Sink)));
        _capacity[bridge] -= flow;
        _capacity[bridge ^ 1] += flow;
        Fill(above, Tree.Source, flow);
        Fill(below, Tree.Sink, flow);
    }

    private long Bottleneck(int node, Tree tree)
    {
        var smallest = long.MaxValue;
        for (; _parent[node] != Terminal; node = _head[_parent[node]])
            smallest = Math.Min(smallest, Outward(tree, _parent[node] ^ 1));
        return Math.Min(smallest, Math.Abs(_terminal[node]));
    }

    private void Fill(int node, Tree tree, long flow)
    {
        while (_parent[node] != Terminal)
        {
            var towards = _parent[node];
            var used = tree == Tree.Source ? towards ^ 1 : towards;
            _capacity[used] -= flow;
            _capacity[used ^ 1] += flow;
            var parent = _head[towards];
            if (_capacity[used] == 0) Lose(node);
            node = parent;
        }

        _terminal[node] -= tree == Tree.Source ? flow : -flow;
        if (_terminal[node] == 0) Lose(node);
    }

    private void Lose(int node)
    {
        _parent[node] = Orphan;
        _orphans.Enqueue(node);
    }

    private void Adopt(int orphan)
    {
        var (tree, best, shortest) = (_tree[orphan], None, int.MaxValue);
        for (var arc = _first[orphan]; arc != None; arc = _next[arc])
        {
            var other = _head[arc];
            if (_tree[other] != tree || Outward(tree, arc ^ 1) == 0 || ToTerminal(other) is not { } distance || distance >= shortest) continue;
            (best, shortest) = (arc, distance);
        }

        if (best != None)
        {
            (_parent[orphan], _stamp[orphan], _distance[orphan]) = (best, _time, shortest + 1);
            return;
        }

        for (var arc = _first[orphan]; arc != None; arc = _next[arc])
        {
            var other = _head[arc];
            if (_tree[other] != tree) continue;
            if (Outward(tree, arc ^ 1) > 0) _active.Enqueue(other);
            if (_parent[other] >= 0 && _head[_parent[other]] == orphan) Lose(other);
        }

        (_tree[orphan], _parent[orphan]) = (Tree.Free, None);
    }

    /// <summary>How many arcs away the terminal is; null where the way leads to an orphan.</summary>
    private int? ToTerminal(int node)
    {
        var (steps, at) = (0, node);
        while (_stamp[at] != _time)
        {
            steps++;
            if (_parent[at] == Terminal)
            {
                (_stamp[at], _distance[at]) = (_time, 1);
                steps--;
                break;
            }

            if (_parent[at] is Orphan or None) return null;
            at = _head[_parent[at]];
        }

        var distance = _distance[at] + steps;
        // Who is asked next on this way finds the answer at once.
        for (var (mark, d) = (node, distance); _stamp[mark] != _time; mark = _head[_parent[mark]], d--)
            (_stamp[mark], _distance[mark]) = (_time, d);
        return distance;
    }
}

using System.Diagnostics;

namespace OnnxViz.Profiling;

/// <summary>A phase while it lasts. Whatever begins on its thread before it ends lies within it.</summary>
internal sealed class Frame(Timeline timeline, string name, ProfiledSession? session, Frame? outer)
{
    private bool _isOver;

    public Timeline Timeline => timeline;

    public string Name => name;

    /// <summary>Whose run it is; null for other phases.</summary>
    public ProfiledSession? Session => session;

    public Frame? Outer => outer;

    public int Thread { get; } = Environment.CurrentManagedThreadId;

    public long Start { get; } = Stopwatch.GetTimestamp();

    /// <summary>Time of the phases within it.</summary>
    public long Inner { get; set; }

    public void End()
    {
        if (_isOver) return;
        _isOver = true;
        timeline.End(this, Stopwatch.GetTimestamp());
    }
}

/// <param name="Name">What was done.</param>
/// <param name="Thread">By which thread.</param>
/// <param name="Start">A timestamp of <see cref="Stopwatch"/>.</param>
/// <param name="End">Likewise.</param>
internal readonly record struct Span(string Name, int Thread, long Start, long End)
{
    public long Length => End - Start;
}

/// <summary>Phases, one after the other and within each other, of every thread. All times are timestamps of <see cref="Stopwatch"/>.</summary>
/// <param name="origin">Where it begins.</param>
internal sealed class Timeline(long origin)
{
    /// <summary>Phases that are kept one by one; more are only counted.</summary>
    private const int Kept = 100_000;

    /// <summary>Runs of nodes, likewise.</summary>
    private const int KeptNodes = 200_000;

    [ThreadStatic]
    private static Frame? _innermost;

    private readonly List<Span> _spans = [];
    private readonly Dictionary<(string Name, bool IsMain), (long Calls, long Own)> _totals = [];

    private int _nodes;

    public long Origin => origin;

    /// <summary>Whether there is room for one more run of a node; takes it.</summary>
    public bool TakesNode() => _nodes < KeptNodes && Interlocked.Increment(ref _nodes) <= KeptNodes;

    /// <summary>The thread on which it was begun.</summary>
    public int MainThread { get; } = Environment.CurrentManagedThreadId;

    /// <summary>In the order of their ends.</summary>
    public IReadOnlyList<Span> Spans
    {
        get
        {
            lock (_spans) return [.. _spans];
        }
    }

    public Frame Begin(string name, ProfiledSession? session) =>
        _innermost = new Frame(this, name, session, _innermost?.Timeline == this ? _innermost : null);

    public void End(Frame frame, long end)
    {
        if (_innermost == frame) _innermost = frame.Outer;
        if (frame.Outer is { } outer) outer.Inner += end - frame.Start;
        var span = new Span(frame.Name, frame.Thread, frame.Start, end);
        Record(span, frame.Inner);
        frame.Session?.Ran(span);
    }

    public void Add(string name, long start, long end) => Record(new Span(name, MainThread, start, end), 0);

    /// <summary>For each name, in the order of its first end: how often, and how long without what lies within, on the main thread or on others.</summary>
    public IReadOnlyList<(string Name, bool IsMain, long Calls, long Own)> Totals()
    {
        lock (_spans) return [.. _totals.Select(t => (t.Key.Name, t.Key.IsMain, t.Value.Calls, t.Value.Own))];
    }

    private void Record(Span span, long inner)
    {
        lock (_spans)
        {
            if (_spans.Count < Kept) _spans.Add(span);
            var key = (span.Name, span.Thread == MainThread);
            var (calls, own) = _totals.GetValueOrDefault(key);
            _totals[key] = (calls + 1, own + span.Length - inner);
        }
    }
}

namespace OnnxViz.Profiling;

/// <summary>One graph that was made ready while a profiler ran: its runs by our clock, its nodes by ONNX Runtime's.</summary>
internal sealed class ProfiledSession
{
    /// <summary>ONNX Runtime keeps every event in memory until it is asked for them: no more than these are let come together.</summary>
    private const long MostEvents = 40_000;

    private readonly Timeline _timeline;
    private readonly Lock _gate = new();
    private readonly List<Span> _runs = [];
    private readonly Func<bool, double, MachinePeak?> _peak;
    private readonly int _nodes;
    private NodeIndex? _index;
    private Func<string>? _end;

    public ProfiledSession(Timeline timeline, ProfileFolder folder, int number, Graph graph, Func<bool, double, MachinePeak?> peak)
    {
        (_timeline, Number, _nodes, _index, _peak) = (timeline, number, graph.Nodes.Count, new NodeIndex(graph), peak);
        Prefix = Path.Combine(folder.Path, $"session{number}");
        WeightBytes = graph.Values().Where(v => v.Constant is not null).Sum(v => v.Constant!.ByteLength);
    }

    /// <summary>Sessions count from 1.</summary>
    public int Number { get; }

    /// <summary>What the file begins with that ONNX Runtime writes.</summary>
    public string Prefix { get; }

    public long WeightBytes { get; }

    /// <summary>Nodes of the graph as it was handed over.</summary>
    public int Nodes => _nodes;

    /// <summary>What ONNX Runtime told; empty until it is asked, which ends its recording.</summary>
    public OrtProfile Profile { get; private set; } = OrtProfile.Empty;

    /// <summary>Every run.</summary>
    public IReadOnlyList<Span> Runs
    {
        get
        {
            lock (_gate) return [.. _runs];
        }
    }

    /// <summary>What the machine is able to do where this session runs.</summary>
    /// <param name="measures">Whether it may be measured for that.</param>
    /// <param name="seen">Billions of operations a second that were seen.</param>
    /// <returns>Null where it is not known and must not be measured.</returns>
    public MachinePeak? Peak(bool measures, double seen) => _peak(measures, seen);

    /// <summary>The session is there.</summary>
    /// <param name="end">Ends ONNX Runtime's recording and gives the file that it wrote.</param>
    public void Begin(Func<string> end) => _end = end;

    /// <summary>A run is a phase that lasts until the result is disposed.</summary>
    public ProfilerScope Run(string name) => new(_timeline.Begin(name, this));

    /// <summary>A run is over.</summary>
    public void Ran(Span run)
    {
        lock (_gate)
        {
            _runs.Add(run);
            if (_runs.Count * (long)_nodes < MostEvents) return;
        }

        End();
    }

    /// <summary>Ends ONNX Runtime's recording, if it lasts, and reads it. Before the session is disposed.</summary>
    public void End()
    {
        Func<string>? end;
        lock (_gate) (end, _end) = (_end, null);
        if (end is null) return;
        var phase = _timeline.Begin("read ONNX Runtime's profile", null);
        var path = end();
        Profile = OrtProfile.Read(path, _index!, _timeline);
        _index = null;
        File.Delete(path);
        phase.End();
    }
}

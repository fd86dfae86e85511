using System.Diagnostics;
using OnnxViz.Profiling;

namespace OnnxViz;

/// <summary>
/// Records where time and memory go between <see cref="Start()"/> and <see cref="Stop()"/>: the phases of the work, every run of
/// a graph, and every operator in it by ONNX Runtime's own profiler. It is ambient: it sees what its own thread does and
/// what is started from there, and nothing has to be handed on. While none runs, asking for it is one comparison.
/// </summary>
public sealed class Profiler : IDisposable
{
    private static readonly AsyncLocal<Profiler?> Ambient = new();
    private static int _running;

    private readonly Profiler? _outer;
    private readonly Timeline _timeline;
    private readonly ProfileFolder _folder = new();
    private readonly List<ProfiledSession> _sessions = [];
    private readonly LayerNames _layers = new();
    private readonly DotNetWork _before;
    private bool _isOver;

    private Profiler(long origin, DotNetWork before)
    {
        _before = before;
        _timeline = new Timeline(origin);
        _outer = Ambient.Value;
        Ambient.Value = this;
        Interlocked.Increment(ref _running);
    }

    /// <summary>The profiler of what runs here; null for none.</summary>
    internal static Profiler? Current => Volatile.Read(ref _running) == 0 ? null : Ambient.Value;

    /// <summary>Starts to record; a profiler that runs already records nothing until this one is disposed.</summary>
    public static Profiler Start() => new(Stopwatch.GetTimestamp(), DotNetWork.Now);

    /// <param name="origin">When the work began, a timestamp of <see cref="Stopwatch"/>; what lies before now is told by <see cref="Add(string, long, long)"/>.</param>
    /// <param name="isOfProcess">Whether it is the process that began then.</param>
    internal static Profiler Start(long origin, bool isOfProcess) => new(origin, isOfProcess ? default : DotNetWork.Now);

    /// <summary>What happens until the result is disposed is a phase of that name. Phases may lie within each other; one ends on the thread that began it.</summary>
    public static ProfilerScope Phase(string name) => Current is { } profiler ? new(profiler._timeline.Begin(name, null)) : default;

    /// <summary>A phase within which nothing is recorded, such as trials that are no part of the work itself.</summary>
    /// <returns>Ends it; null where no profiler runs.</returns>
    internal static IDisposable? Apart(string name) => Current is { } profiler ? new Pause(profiler, name) : null;

    /// <summary>Stops to record.</summary>
    /// <returns>What was recorded.</returns>
    /// <exception cref="InvalidOperationException">It was stopped before.</exception>
    public ProfileReport Stop() => Stop(measuresPeak: true);

    /// <param name="measuresPeak">Whether the machine may be measured now, where it is not known yet: it takes some tenths of a second.</param>
    internal ProfileReport Stop(bool measuresPeak)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        var sessions = Sessions();
        Array.ForEach(sessions, s => s.End());
        var stopped = Stopwatch.GetTimestamp();
        var memory = MemoryUse.Now(sessions);
        var dotNet = DotNetWork.Now.Since(_before);
        Leave();
        return ReportBuilder.Build(_timeline, stopped, sessions, _layers, memory, dotNet, measuresPeak);
    }

    /// <summary>Ends the recording, where <see cref="Stop()"/> has not, and deletes what ONNX Runtime wrote for it.</summary>
    public void Dispose()
    {
        Array.ForEach(Sessions(), s => s.End());
        Leave();
        _folder.Dispose();
    }

    /// <summary>A phase that is over, such as what came before the recording; on the thread that started it.</summary>
    internal void Add(string phase, long start, long end) => _timeline.Add(phase, start, end);

    /// <summary>A graph that is about to be made ready to run.</summary>
    /// <param name="graph">As it is handed to ONNX Runtime.</param>
    /// <param name="peak">What the machine is able to do where the graph runs, given whether it may be measured and what was seen of it.</param>
    internal ProfiledSession Add(Graph graph, Func<bool, double, MachinePeak?> peak)
    {
        lock (_sessions)
        {
            var session = new ProfiledSession(_timeline, _folder, _sessions.Count + 1, graph, peak);
            _sessions.Add(session);
            return session;
        }
    }

    /// <summary>What the layers are called that nodes belong to.</summary>
    /// <inheritdoc cref="LayerNames.Add"/>
    internal void Know(IReadOnlyCollection<string> nodes, Func<IEnumerable<(string Node, string Layer)>> names)
    {
        lock (_layers) _layers.Add(nodes, names);
    }

    private ProfiledSession[] Sessions()
    {
        lock (_sessions) return [.. _sessions];
    }

    private void Leave()
    {
        if (_isOver) return;
        _isOver = true;
        Interlocked.Decrement(ref _running);
        if (Ambient.Value == this) Ambient.Value = _outer;
    }

    private sealed class Pause : IDisposable
    {
        private readonly Profiler _profiler;
        private readonly Frame _phase;

        public Pause(Profiler profiler, string name)
        {
            (_profiler, _phase) = (profiler, profiler._timeline.Begin(name, null));
            Ambient.Value = null;
        }

        public void Dispose()
        {
            Ambient.Value = _profiler;
            _phase.End();
        }
    }
}

/// <summary>A phase that is being recorded, or nothing where no profiler runs; <see cref="Dispose"/> ends it.</summary>
public readonly struct ProfilerScope : IDisposable, IEquatable<ProfilerScope>
{
    private readonly Frame? _frame;

    internal ProfilerScope(Frame? frame) => _frame = frame;

    public static bool operator ==(ProfilerScope left, ProfilerScope right) => left.Equals(right);

    public static bool operator !=(ProfilerScope left, ProfilerScope right) => !left.Equals(right);

    public void Dispose() => _frame?.End();

    public bool Equals(ProfilerScope other) => _frame == other._frame;

    public override bool Equals(object? obj) => obj is ProfilerScope other && Equals(other);

    public override int GetHashCode() => _frame?.GetHashCode() ?? 0;
}

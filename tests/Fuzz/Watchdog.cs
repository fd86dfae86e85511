using System.Diagnostics;

namespace OnnxViz.Fuzz;

/// <summary>Ends the process when a command takes too long or too much: nothing else ends native code.</summary>
internal sealed class Watchdog : IDisposable
{
    private const int Interval = 50;

    private readonly Action<string> _report;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _started;
    private TimeSpan _work;

    /// <param name="report">Told why, just before the end.</param>
    public Watchdog(Action<string> report)
    {
        _report = report;
        Restart();
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Another command begins.</summary>
    public void Restart()
    {
        lock (_lock) (_started, _work) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        using var process = Process.GetCurrentProcess();
        string? fault;
        lock (_lock)
        {
            var work = process.TotalProcessorTime - _work;
            fault = work > 2 * Limits.LongWork ? $"did not end after {work.TotalSeconds:0} s of work"
                : Stopwatch.GetElapsedTime(_started) > Limits.Waiting ? $"did not end within {Limits.Waiting.TotalSeconds:0} s"
                : process.WorkingSet64 > Limits.Memory ? $"took {process.WorkingSet64 >> 20} MB"
                : null;
        }

        if (fault is null) return;
        _report(fault);
        // Not Exit: what hangs may hang it too.
        process.Kill();
    }
}

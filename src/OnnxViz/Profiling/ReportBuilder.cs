using System.Diagnostics;

namespace OnnxViz.Profiling;

/// <summary>Makes tables of what was recorded.</summary>
internal static class ReportBuilder
{
    /// <summary>Microseconds of what is long enough to tell how quick a machine is.</summary>
    private const long LongEnough = 5000;

    private static readonly double PerMillisecond = Stopwatch.Frequency / 1e3;

    /// <param name="timeline">The phases.</param>
    /// <param name="stopped">The timestamp of the end.</param>
    /// <param name="sessions">Over.</param>
    /// <param name="layers">What nodes belong to.</param>
    /// <param name="memory">As it was at the end.</param>
    /// <param name="dotNet">What .NET did for itself.</param>
    /// <param name="measuresPeak">Whether the machine may be measured.</param>
    public static ProfileReport Build(
        Timeline timeline, long stopped, IReadOnlyList<ProfiledSession> sessions, LayerNames layers, ProfiledMemory memory, ProfiledDotNet dotNet, bool measuresPeak)
    {
        var whole = (stopped - timeline.Origin) / PerMillisecond;
        var nodes = sessions.SelectMany(s => s.Profile.Nodes).ToList();
        var peak = sessions.FirstOrDefault(s => s.Profile.Count > 0)?.Peak(
            measuresPeak, nodes.Where(n => n.Time >= LongEnough).Select(n => PerSecond(n.Flops, n.Time)).DefaultIfEmpty().Max());
        return new ProfileReport(new ChromeTrace(timeline, sessions, layers))
        {
            Milliseconds = whole,
            Phases = Phases(timeline, whole),
            OtherThreads = [.. timeline.Totals().Where(t => !t.IsMain).Select(t => Phase(t.Name, t.Calls, t.Own / PerMillisecond, whole))],
            Operators = Operators(nodes, peak),
            Layers = Layers(nodes, layers, peak),
            Runs = Runs(sessions, whole),
            Memory = memory,
            DotNet = dotNet,
            Peak = peak,
        };
    }

    private static List<ProfiledPhase> Phases(Timeline timeline, double whole)
    {
        var phases = timeline.Totals().Where(t => t.IsMain).Select(t => Phase(t.Name, t.Calls, t.Own / PerMillisecond, whole)).ToList();
        phases.Add(Phase("all else", 1, whole - phases.Sum(p => p.Milliseconds), whole));
        return phases;
    }

    private static ProfiledPhase Phase(string name, long calls, double milliseconds, double whole) => new(name, calls, milliseconds, Ratio(milliseconds, whole));

    private static List<ProfiledOperator> Operators(List<NodeTotals> nodes, MachinePeak? peak)
    {
        var whole = nodes.Sum(n => n.Time);
        return [.. nodes.GroupBy(n => (n.Operator, n.Provider)).Select(group =>
        {
            var (time, flops, bytes) = (group.Sum(n => n.Time), group.Sum(n => n.Flops), group.Sum(n => n.Bytes));
            var share = flops > 0 ? PerSecond(flops, time) / peak?.GigaflopsPerSecond : PerSecond(bytes, time) / peak?.GigabytesPerSecond;
            return new ProfiledOperator(
                group.Key.Operator, group.Key.Provider, group.Sum(n => n.Calls), time / 1e3, Ratio(time, whole), flops > 0 ? PerSecond(flops, time) : null, PerSecond(bytes, time), share);
        }).OrderByDescending(o => o.Milliseconds)];
    }

    private static List<ProfiledLayer> Layers(List<NodeTotals> nodes, LayerNames layers, MachinePeak? peak)
    {
        var whole = nodes.Sum(n => n.Time);
        return [.. nodes.Select(n => (Place: layers.Of(n), Node: n)).GroupBy(n => n.Place.Layer).Select(group =>
        {
            var (time, flops) = (group.Sum(n => n.Node.Time), group.Sum(n => n.Node.Flops));
            var gradient = group.Where(n => n.Place.IsGradient).Sum(n => n.Node.Time);
            return new ProfiledLayer(
                group.Key, time / 1e3, (time - gradient) / 1e3, gradient / 1e3, Ratio(time, whole), flops > 0 ? PerSecond(flops, time) : null,
                flops > 0 ? PerSecond(flops, time) / peak?.GigaflopsPerSecond : null);
        }).OrderByDescending(l => l.Milliseconds)];
    }

    private static ProfiledRuns Runs(IReadOnlyList<ProfiledSession> sessions, double whole)
    {
        var runs = sessions.SelectMany(s => s.Runs.Select((run, i) => (Length: run.Length / PerMillisecond, IsRecorded: i < s.Profile.Count))).ToList();
        var operators = sessions.SelectMany(s => s.Profile.Nodes).Sum(n => n.Time) / 1e3;
        var inside = sessions.Sum(s => s.Profile.Inside) / 1e3;
        var recorded = runs.Where(r => r.IsRecorded).Sum(r => r.Length);
        var all = runs.Sum(r => r.Length);
        return new ProfiledRuns(
            sessions.Count, runs.Count, sessions.Sum(s => s.Profile.Count), operators, inside - operators, recorded - inside, all - recorded, whole - all);
    }

    /// <param name="amount">Operations or bytes.</param>
    /// <param name="microseconds">What they took.</param>
    /// <returns>Billions of them a second.</returns>
    private static double PerSecond(double amount, long microseconds) => Ratio(amount, microseconds) / 1e3;

    private static double Ratio(double a, double b) => b > 0 ? a / b : 0;
}

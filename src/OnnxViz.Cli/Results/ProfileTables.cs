using OnnxViz.Profiling;

namespace OnnxViz.Cli.Results;

/// <summary>A profile for people.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="width">Columns of a line; null for any number.</param>
internal sealed class ProfileTables(TextWriter writer, int? width)
{
    /// <summary>Layers that are shown; the JSON has all.</summary>
    private const int MostLayers = 20;

    public void Write(ProfileReport report)
    {
        var whole = report.Milliseconds;
        Table(
            $"Profile: {Ms(whole)} ms",
            ["phase", ">times", ">ms", ">share"],
            [.. report.Phases.Select(Cells), .. report.OtherThreads.Select(p => Cells(p with { Name = $"{p.Name} (other threads)" }))]);
        DotNet(report.DotNet);
        if (report.Runs.Count > 0)
        {
            Operators(report);
            Layers(report);
            Runs(report.Runs, whole);
        }

        Memory(report.Memory);
    }

    private static string[] Cells(ProfiledPhase phase) => [phase.Name, $"{phase.Calls:N0}", Ms(phase.Milliseconds), Percent(phase.Share)];

    private void DotNet(ProfiledDotNet done) => writer.WriteLine(
        $"Of that .NET's compiler took {Ms(done.CompilerMilliseconds)} ms for {done.CompiledMethods:N0} methods, its garbage collector {Ms(done.CollectorMilliseconds)} ms.");

    private void Operators(ProfileReport report)
    {
        var peak = report.Peak is { } p ? $"; the peak of {p.Device} with {p.Threads} {(p.Threads == 1 ? "thread" : "threads")}: {p.GigaflopsPerSecond:N0} GFLOP/s, {p.GigabytesPerSecond:0.#} GB/s" : "";
        Table(
            $"Operators: {Ms(report.Runs.InOperators)} ms{peak}",
            ["operator", ">times", ">ms", ">share", ">GFLOP/s", ">GB/s", ">of peak"],
            report.Operators.Select(o => new[]
            {
                o.Operator, $"{o.Calls:N0}", Ms(o.Milliseconds), Percent(o.Share), Rate(o.GigaflopsPerSecond), Rate(o.GigabytesPerSecond), Percent(o.ShareOfPeak),
            }));
    }

    private void Layers(ProfileReport report)
    {
        var more = report.Layers.Count > MostLayers ? $": the first {MostLayers} of {report.Layers.Count} by time" : "";
        Table(
            $"Layers{more}",
            ["layer", ">ms", ">share", ">forward", ">gradient", ">GFLOP/s", ">of peak"],
            report.Layers.Take(MostLayers).Select(l => new[]
            {
                l.Layer, Ms(l.Milliseconds), Percent(l.Share), Ms(l.Forward), l.Gradient > 0 ? Ms(l.Gradient) : "", Rate(l.GigaflopsPerSecond), Percent(l.ShareOfPeak),
            }));
    }

    private void Runs(ProfiledRuns runs, double whole)
    {
        (string What, double Time)[] rows =
        [
            ("in operators", runs.InOperators),
            ("between them: ONNX Runtime and its profiler", runs.Between),
            ("around runs: binding and copying", runs.Around),
            ("in runs that were not recorded", runs.Unrecorded),
            ("outside of runs", runs.Elsewhere),
        ];
        Table(
            $"{runs.Count:N0} {(runs.Count == 1 ? "run" : "runs")} of {runs.Sessions} {(runs.Sessions == 1 ? "graph" : "graphs")}{(runs.Recorded < runs.Count ? $", of which {runs.Recorded:N0} were recorded" : "")}",
            ["where", ">ms", ">share"],
            rows.Where(r => r.Time != 0).Select(r => new[] { r.What, Ms(r.Time), Percent(r.Time / whole) }));
    }

    private void Memory(ProfiledMemory memory)
    {
        (string What, long? Bytes)[] rows =
        [
            ("process, at its peak", memory.PeakResidentBytes),
            ("about that much of it for this profile", memory.RecordBytes > 1 << 20 ? memory.RecordBytes : null),
            ("ONNX Runtime's allocator, at its peak", memory.RuntimePeakBytes),
            ("constants of the largest graph", memory.WeightBytes > 0 ? memory.WeightBytes : null),
            (".NET's heap, at the end", memory.ManagedBytes),
        ];
        Table("Memory", ["what", ">MiB"], rows.Where(r => r.Bytes is not null).Select(r => new[] { r.What, $"{r.Bytes / 1048576.0:N1}" }));
    }

    private void Table(string heading, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        writer.WriteLine();
        writer.WriteLine(heading);
        new TextTable(columns, rows).Write(writer, width);
    }

    private static string Ms(double milliseconds) => $"{milliseconds:N1}";

    private static string Percent(double? share) => share is { } s ? $"{100 * s:0.0} %" : "";

    private static string Rate(double? rate) => rate is { } r ? $"{r:N1}" : "";
}

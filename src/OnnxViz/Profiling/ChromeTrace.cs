using System.Diagnostics;
using System.Text.Json;

namespace OnnxViz.Profiling;

/// <summary>
/// Phases, runs and nodes on one axis of time, in the Trace Event Format ("Trace Event Format", the Catapult project): complete
/// events ("ph": "X"), times in microseconds. Nodes lie within their run, on the thread that ran it.
/// </summary>
internal sealed class ChromeTrace(Timeline timeline, IReadOnlyList<ProfiledSession> sessions, LayerNames layers)
{
    private const int Process = 1;

    private static readonly double PerMicrosecond = Stopwatch.Frequency / 1e6;

    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ms");
            json.WriteStartArray("traceEvents");
            Name(json, "process_name", 0, "OnnxViz");
            var spans = timeline.Spans;
            foreach (var thread in spans.Select(s => s.Thread).Distinct().Order())
                Name(json, "thread_name", thread, thread == timeline.MainThread ? "main" : $"thread {thread}");
            foreach (var span in spans)
            {
                Begin(json, span.Name, "phase", span.Thread, Micro(span.Start), (long)(span.Length / PerMicrosecond));
                json.WriteEndObject();
            }

            foreach (var session in sessions) Write(json, session);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Name(Utf8JsonWriter json, string what, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", what);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The event is still open for its arguments.</summary>
    private static void Begin(Utf8JsonWriter json, string name, string category, int thread, long start, long length)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("cat", category);
        json.WriteString("ph", "X");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", thread);
        json.WriteNumber("ts", start);
        json.WriteNumber("dur", length);
    }

    private void Write(Utf8JsonWriter json, ProfiledSession session)
    {
        foreach (var (run, ours) in session.Profile.Runs.Zip(session.Runs))
        {
            // The clocks of both are not the same one: the run that ONNX Runtime tells of lies within ours.
            var length = (long)(ours.Length / PerMicrosecond);
            var duration = Math.Min(run.Duration, length);
            var begin = Micro(ours.Start) + ((length - duration) / 2);
            Begin(json, $"session {session.Number}", "run", ours.Thread, begin, duration);
            json.WriteEndObject();
            foreach (var node in run.Nodes)
            {
                var from = Math.Clamp(node.Start - run.Start, 0, duration);
                Begin(json, node.Node.Name, "operator", ours.Thread, begin + from, Math.Min(node.Duration, duration - from));
                Arguments(json, node);
                json.WriteEndObject();
            }
        }
    }

    private void Arguments(Utf8JsonWriter json, NodeRun run)
    {
        var (layer, isGradient) = layers.Of(run.Node);
        json.WriteStartObject("args");
        json.WriteString("operator", run.Node.Operator);
        json.WriteString("layer", layer);
        json.WriteString("pass", isGradient ? "gradient" : "forward");
        json.WriteString("provider", run.Node.Provider);
        if (run.Node.Flops > 0 && run.Duration > 0) json.WriteNumber("gflops_per_second", Math.Round(run.Node.Flops / run.Node.Calls / run.Duration / 1e3, 1));
        json.WriteEndObject();
    }

    private long Micro(long timestamp) => (long)((timestamp - timeline.Origin) / PerMicrosecond);
}

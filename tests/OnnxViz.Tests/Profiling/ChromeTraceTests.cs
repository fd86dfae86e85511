using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Runtime;
using Xunit;

namespace OnnxViz.Tests.Profiling;

public sealed class ChromeTraceTests
{
    [Fact]
    public void It_parses_and_every_event_lies_within_or_beside_the_others()
    {
        using var profiler = Profiler.Start();
        using (Profiler.Phase("work"))
        {
            using var session = new Session(ProfilerTests.Network(2, withGradient: false), new RuntimeOptions(Device.Cpu, Threads: 1));
            var runs = new Thread(() => Run(session));
            runs.Start();
            Run(session);
            runs.Join();
        }

        var events = Events(profiler.Stop(measuresPeak: false).ToChromeTrace());
        Assert.True(Nests(events));
        Assert.Equal(6, events.Count(e => (string)e["name"]! == "run a graph"));
        Assert.Equal(6, events.Count(e => (string)e["cat"]! == "run"));
        var nodes = events.Where(e => (string)e["cat"]! == "operator").ToList();
        Assert.Equal(0, nodes.Count % 6);
        Assert.NotEmpty(nodes);
        Assert.Contains(nodes, n => (string)n["args"]!["operator"]! == "Conv" && (string)n["args"]!["layer"]! == "body");
        Assert.Equal(2, events.Select(e => (int)e["tid"]!).Distinct().Count());
    }

    [Fact]
    public void The_check_of_nesting_finds_what_overlaps()
    {
        Assert.True(Nests([Event(0, 10), Event(0, 4), Event(4, 6)]));
        Assert.False(Nests([Event(0, 10), Event(5, 6)]));
        Assert.True(Nests([Event(0, 10), Event(5, 6, thread: 2)]));

        static JsonNode Event(long start, long length, int thread = 1) => new JsonObject { ["ts"] = start, ["dur"] = length, ["tid"] = thread };
    }

    /// <summary>The complete events of a trace, whose other events only name things.</summary>
    internal static List<JsonNode> Events(byte[] trace)
    {
        var all = JsonNode.Parse(trace)!["traceEvents"]!.AsArray().Select(e => e!).ToList();
        Assert.All(all, e => Assert.Contains((string)e["ph"]!, new[] { "X", "M" }));
        return all.FindAll(e => (string)e["ph"]! == "X");
    }

    internal static bool Nests(IEnumerable<JsonNode> events)
    {
        foreach (var thread in events.GroupBy(e => (int)e["tid"]!))
        {
            var open = new Stack<long>();
            foreach (var (start, end) in thread.Select(e => (Start: (long)e["ts"]!, End: (long)e["ts"]! + (long)e["dur"]!)).OrderBy(e => e.Start).ThenByDescending(e => e.End))
            {
                while (open.TryPeek(out var last) && last <= start) open.Pop();
                if (start < 0 || (open.TryPeek(out var outer) && end > outer)) return false;
                open.Push(end);
            }
        }

        return true;
    }

    private static void Run(Session session)
    {
        for (var i = 0; i < 3; i++) session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of(new float[2 * 2 * 64], 2, 2, 8, 8) });
    }
}

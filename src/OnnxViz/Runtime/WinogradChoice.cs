using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OnnxViz.Caching;
using OnnxViz.Rewriting;
using OnnxViz.Runtime.Hardware;

namespace OnnxViz.Runtime;

/// <summary>
/// Which convolutions run by <see cref="Winograd"/>. That pays on some processors, for some sizes, so it is measured: once
/// for each size, and remembered in the user's cache folder. Only graphs with much work before them are worth that.
/// </summary>
/// <param name="given">The sizes, where they are not to be measured; see <see cref="KeyOf"/>.</param>
/// <param name="cache">Where measurements are kept.</param>
internal sealed partial class WinogradChoice(IReadOnlyCollection<string>? given = null, CacheFolder? cache = null)
{
    private const string Kind = "winograd";

    /// <summary>Products of direct convolutions, over all runs of a graph, from which on it pays to transform weights: some twenty seconds of two cores.</summary>
    private const double Worth = 4e12;

    /// <summary>Bytes that transformed weights may take, four times what they were.</summary>
    private const long MostBytes = 1L << 30;

    /// <summary>What is not at least that much quicker stays as it is.</summary>
    private const double Gain = 0.93;

    private const double SecondsEach = 0.25;

    /// <summary>What holds for this many pictures holds for more.</summary>
    private const long MostPictures = 4;

    private static readonly Lock OneAtATime = new();

    private readonly ConcurrentDictionary<string, bool> _known = [];
    private readonly ConcurrentDictionary<string, bool> _used = [];

    /// <summary>The sizes of convolutions that ran so, in order.</summary>
    public IReadOnlyList<string> Used => [.. _used.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Counts sizes among those that ran so: results that were found elsewhere came about that way.</summary>
    public void Note(IEnumerable<string> sizes)
    {
        foreach (var size in sizes) _used[size] = true;
    }

    /// <summary>The size of a convolution, whichever way it goes: "256x512@28x28", and with "*4" behind it in batches of 4 or more.</summary>
    public static string KeyOf(Node node)
    {
        var (x, y) = (node.Required(0).Dims!, node.Outputs[0].Dims!);
        var batch = x[0] < MostPictures ? "" : $"*{MostPictures}";
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(x[1], y[1])}x{Math.Max(x[1], y[1])}@{y[2]}x{y[3]}{batch}");
    }

    /// <summary>Whether a text could be the size of a convolution.</summary>
    public static bool IsKey(string text) => Key().IsMatch(text);

    /// <param name="graph">Of known sizes.</param>
    /// <param name="options">Where, and how often it is going to run.</param>
    /// <returns>Whether a convolution of the graph is to run so.</returns>
    public Func<Node, bool> For(Graph graph, RuntimeOptions options)
    {
        Node[] candidates = [.. graph.Nodes.Where(n => Winograd.Takes(n) && IsLikely(n))];
        if (candidates.Length == 0 || (given is null && candidates.Sum(Products) * options.Runs < Worth)) return _ => false;
        HashSet<Node> chosen = [];
        var bytes = 0L;
        foreach (var node in candidates)
        {
            if (bytes + Winograd.BytesOf(node) > MostBytes || !IsQuicker(KeyOf(node), node, options)) continue;
            bytes += Winograd.BytesOf(node);
            chosen.Add(node);
            _used[KeyOf(node)] = true;
        }

        return chosen.Contains;
    }

    [GeneratedRegex(@"^[1-9]\d*x[1-9]\d*@[1-9]\d*x[1-9]\d*(\*4)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    private static double Products(Node node) => 9.0 * node.Required(0).Dims![1] * Shapes.Count(node.Outputs[0].Dims);

    /// <summary>Few channels, or few positions, leave the transforms more to do than the convolution.</summary>
    private static bool IsLikely(Node node) =>
        Math.Min(node.Required(0).Dims![1], node.Outputs[0].Dims![1]) >= 96 && Math.Min(node.Outputs[0].Dims![2], node.Outputs[0].Dims![3]) >= 8 && Products(node) > 1e8;

    private bool IsQuicker(string key, Node node, RuntimeOptions options)
    {
        if (given is not null) return given.Contains(key);
        if (_known.TryGetValue(key, out var known)) return known;
        // Two measurements at a time would measure each other.
        lock (OneAtATime)
        {
            var folder = cache ?? CacheFolder.Default;
            var full = $"{key}; {Processor.Name}; {options.Threads} of {PhysicalCores.Count} threads; ONNX Runtime {OrtLibrary.Version}; 1";
            if (folder.Read(Kind, full) is { } text && Encoding.UTF8.GetString(text) is "yes" or "no") return _known[key] = text.Length == 3;
            if (Measure(node, options) is not { } isQuicker) return false;
            folder.Write(Kind, full, Encoding.UTF8.GetBytes(isQuicker ? "yes" : "no"));
            return _known[key] = isQuicker;
        }
    }

    /// <summary>Four layers, there and back twice, in both forms in turn; the best time of each counts. Null after an interruption.</summary>
    private static bool? Measure(Node node, RuntimeOptions options)
    {
        var graph = Layers(node);
        var input = graph.Inputs[0].Dims!;
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Of(new float[Shapes.Count(input)], input) };
        var exact = options with { Exact = true };
        if (options.Token.IsCancellationRequested) return null;
        using var apart = Profiler.Apart("measure what is quicker");
        using var direct = new Session(graph, exact);
        using var minimal = new Session(GraphCopy.Of(graph, [new FastConvolutions(_ => true)]), exact);
        Session[] sessions = [direct, minimal];
        var best = new double[] { double.MaxValue, double.MaxValue };
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 3 || watch.Elapsed.TotalSeconds < 2 * SecondsEach; round++)
        {
            foreach (var (i, session) in sessions.Index())
            {
                if (options.Token.IsCancellationRequested) return null;
                var start = Stopwatch.GetTimestamp();
                session.Run(inputs);
                // The first run of a session lays out its memory.
                if (round > 0) best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return best[1] < Gain * best[0];
    }

    private static Graph Layers(Node node)
    {
        var (x, y) = (node.Required(0).Dims!, node.Outputs[0].Dims!);
        var b = new GraphBuilder("winograd");
        var value = b.Input("x", ElementType.Float, x[0] < MostPictures ? 1 : MostPictures, x[1], y[2], y[3]);
        Value[] weights = [Weight(y[1], x[1]), Weight(x[1], y[1])];
        for (var layer = 0; layer < 4; layer++) value = b.Relu(b.Emit("Conv", [value, weights[layer % 2]], ("pads", new long[] { 1, 1, 1, 1 })));
        b.Output("y", value);
        return b.Build();

        Value Weight(long to, long from) => b.Constant(Tensor.Of(new float[to * from * 9], to, from, 3, 3));
    }
}

using System.Diagnostics;
using System.Text.Json;
using OnnxViz.Caching;
using OnnxViz.Profiling;
using OnnxViz.Runtime.Hardware;

namespace OnnxViz.Runtime;

/// <summary>
/// What a device is able to do through ONNX Runtime: one large product of matrices after the other for the operations, one large
/// addition after the other for the bytes. It takes half a second once and is kept in the cache.
/// </summary>
internal static class PeakMeasurement
{
    private const string Seed = "seed";

    private const string Kind = "peak";

    /// <summary>A machine that was busy when it was measured is measured again, when work on it turns out to be quicker; not for ever.</summary>
    private const int MostTimes = 6;

    /// <summary>Measurements in one go.</summary>
    private const int MostTries = 2;

    /// <summary>32 MB, which each addition reads and writes: more than most caches hold, and not so much that the system's first zeroing of it takes long.</summary>
    private const int Elements = 1 << 23;

    /// <summary>The best counts: whatever else the machine does makes it slower and never quicker.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(150);

    private static readonly Lock Gate = new();

    /// <param name="options">Where, and on how many threads.</param>
    /// <param name="measures">Whether it may be measured now.</param>
    /// <param name="seen">Billions of operations a second that were seen there.</param>
    /// <returns>Null where it is not known and not measured.</returns>
    public static MachinePeak? Of(RuntimeOptions options, bool measures, double seen) => Of(options, measures, seen, CacheFolder.Default);

    /// <inheritdoc cref="Of(RuntimeOptions, bool, double)"/>
    internal static MachinePeak? Of(RuntimeOptions options, bool measures, double seen, CacheFolder cache)
    {
        lock (Gate)
        {
            var threads = options.Threads > 0 ? options.Threads : PhysicalCores.Count;
            var key = $"{options}, {threads}, {Processor.Name}, {OrtLibrary.Version}";
            var kept = Parse(cache.Read(Kind, key));
            for (var tries = 0; measures && tries < MostTries && IsDoubtful(kept, seen); tries++)
            {
                kept = Better(kept, Measure(options, threads));
                cache.Write(Kind, key, JsonSerializer.SerializeToUtf8Bytes(kept, JsonFormat.Options));
            }

            return kept?.Peak;
        }
    }

    private static bool IsDoubtful(Kept? kept, double seen) => kept is null || (kept.Times < MostTimes && kept.Peak.GigaflopsPerSecond < seen);

    private static Kept Better(Kept? kept, MachinePeak now) => kept is not { Peak: var before } ? new(now, 1) : new(
        now with
        {
            GigaflopsPerSecond = Math.Max(now.GigaflopsPerSecond, before.GigaflopsPerSecond),
            GigabytesPerSecond = Math.Max(now.GigabytesPerSecond, before.GigabytesPerSecond),
        },
        kept.Times + 1);

    private static MachinePeak Measure(RuntimeOptions options, int threads)
    {
        // Many in one run, so that what else a run takes hardly counts.
        var (side, products, additions) = options.Device.Kind == DeviceKind.Cuda ? (4096, 32, 64) : (1024, 2, 4);
        var flops = 2.0 * side * side * side * products / Best(options, Products(side, products));
        var bytes = 2.0 * sizeof(float) * Elements * additions / Best(options, Additions(additions));
        return new MachinePeak(options.Device.ToString(), threads, flops / 1e9, bytes / 1e9);
    }

    private static Graph Products(int side, int count)
    {
        var b = new GraphBuilder("peak");
        var weights = new float[side * side];
        Array.Fill(weights, 1f / side);
        var weight = b.Constant(Tensor.Of(weights, side, side));
        return Last(b, count, [side, side], value => b.Emit("MatMul", [value, weight]));
    }

    private static Graph Additions(int count)
    {
        var b = new GraphBuilder("peak");
        return Last(b, count, [1, Elements], value => b.Add(value, b.Constant(1)));
    }

    /// <summary>One operator after the other, on numbers that are made where the graph runs.</summary>
    private static Graph Last(GraphBuilder b, int count, long[] dims, Func<Value, Value> next)
    {
        var value = b.Emit("Expand", [b.Input(Seed, ElementType.Float, 1, 1), b.Longs(dims)]);
        for (var i = 0; i < count; i++) value = next(value);
        // What comes back to the host is one number of it.
        b.Output("last", b.Emit("Slice", [value, b.Longs(0, 0), b.Longs(1, 1), b.Longs(0, 1)]));
        return b.Build();
    }

    /// <returns>Seconds of the quickest run.</returns>
    private static double Best(RuntimeOptions options, Graph graph)
    {
        using var session = new Session(graph, options);
        var seed = new Dictionary<string, Tensor> { [Seed] = Tensor.Of([1f], 1, 1) };
        // Memory comes in the first two: in pieces, then in one block.
        for (var i = 0; i < 2; i++) session.Run(seed);
        var best = double.PositiveInfinity;
        for (var all = Stopwatch.StartNew(); all.Elapsed < Longest;)
        {
            var start = Stopwatch.GetTimestamp();
            session.Run(seed);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static Kept? Parse(byte[]? content)
    {
        try
        {
            return content is null ? null : JsonSerializer.Deserialize<Kept>(content, JsonFormat.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Kept(MachinePeak Peak, int Times);
}

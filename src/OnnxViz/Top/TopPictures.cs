using System.Diagnostics;
using OnnxViz.Datasets;
using OnnxViz.Models.Batches;
using OnnxViz.Objectives;

namespace OnnxViz.Top;

/// <summary>
/// The pictures of a large collection to which units of a layer respond most strongly, each picture by its strongest
/// position (Zeiler and Fergus 2013, figure 2). Pictures are read while the model runs, a batch ahead; two batches are
/// all that is held.
/// </summary>
internal static class TopPictures
{
    /// <summary>More rows at once win nothing on the CPU; but where activations are small, so that a run costs more than what it computes.</summary>
    private const int BatchOnCpu = 8, SmallBatchOnCpu = 64;

    /// <summary>Bytes of the largest activation of such a batch: about what the caches hold.</summary>
    private const double Cached = 2e6;

    private const int BatchOnCuda = 64;

    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromSeconds(10);

    /// <summary>How many pictures run at once: as many as asked for, or as the model's own batch is, or as there is room for.</summary>
    /// <exception cref="OnnxVizException">The model takes another number only.</exception>
    public static int BatchSize(VisionModel model, Value layer, TopOptions options, Device device)
    {
        var own = (int)model.Input.Dims![0];
        if (own > 0 && options.Batch is { } batch && batch != own)
            throw OnnxVizException.BadArgument(nameof(options.Batch), $"{batch}: {model.Name} takes {own} {(own == 1 ? "picture" : "pictures")} at a time only.");
        if (options.Batch is not null || own > 0) return options.Batch ?? own;
        var one = ShapedModel.Start(model, model.Conventions.InputDims(1, model.Conventions.Height, model.Conventions.Width), layer);
        var largest = sizeof(float) * one.Activations.Where(v => v.HasStaticShape).Max(v => (double)Shapes.Count(v.Dims));
        return BatchPlan.For(device).Pictures(one, (int)Math.Clamp(Cached / largest, BatchOnCpu, SmallBatchOnCpu), BatchOnCuda);
    }

    /// <summary>Looks at all pictures from the state's first new one on.</summary>
    /// <param name="model">The network; what lies behind the layer is not run.</param>
    /// <param name="layer">A value of its graph.</param>
    /// <param name="pictures">The pictures, of any size; those that cannot be read are skipped.</param>
    /// <param name="start">Where to go on; its key is of these files, this layer and this model.</param>
    /// <param name="batch">Pictures at a time.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="checkpoint">Given the state now and then, so that it can be kept.</param>
    /// <param name="token">Stops within a batch; the state is that of the batch before.</param>
    /// <returns>How far it came: all the way, but after an interruption.</returns>
    /// <exception cref="OnnxVizException">NaN or infinite activations.</exception>
    public static TopState Search(
        VisionModel model,
        Value layer,
        IPictureList pictures,
        TopState start,
        int batch,
        RuntimeOptions runtime,
        IProgress<TopState>? progress = null,
        Action<TopState>? checkpoint = null,
        CancellationToken token = default)
    {
        if (start.IsComplete || token.IsCancellationRequested) return start;
        var (c, key) = (model.Conventions, start.Key);
        var rankings = start.Found.Select(f => new TopRanking(key.Top, f)).ToList();
        var skipped = start.Skipped.ToList();
        var state = start;
        using var peaks = new UnitPeaks(model, layer, c.InputDims(batch, c.Height, c.Width), runtime, key.Units);
        var clock = Stopwatch.StartNew();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(token);
        var next = Read(start.Done);
        try
        {
            while (!state.IsComplete)
            {
                var loaded = next.GetAwaiter().GetResult();
                var after = loaded.First + loaded.Reasons.Count;
                next = Read(after);
                Rank(peaks.Of(loaded.Input, token), loaded, rankings, skipped, $"'{model.Layers.NameOf(layer)}' of {model.Name}");
                state = start with { Done = after, Skipped = [.. skipped], Found = [.. rankings.Select(r => r.Entries)] };
                progress?.Report(state);
                if (clock.Elapsed < BetweenCheckpoints) continue;
                checkpoint?.Invoke(state);
                clock.Restart();
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // What was done before is as good as ever.
        }
        finally
        {
            // However this ends, no task still reads pictures when it returns.
            reading.Cancel();
            Task.WaitAny([next], CancellationToken.None);
            _ = next.Exception;
        }

        return state;

        Task<LoadedBatch> Read(int first) =>
            Task.Run(() => PictureReader.Load(model, pictures, first, key.Files, first < key.Files ? batch : 0, runtime.Threads, reading.Token), CancellationToken.None);
    }

    private static void Rank(
        (Tensor Activations, long[] Positions) found, LoadedBatch loaded, List<TopRanking> rankings, List<SkippedPicture> skipped, string where)
    {
        var activations = found.Activations.As<float>();
        for (var row = 0; row < loaded.Reasons.Count; row++)
        {
            if (loaded.Reasons[row] is { } reason)
            {
                skipped.Add(new(loaded.First + row, reason));
                continue;
            }

            for (var unit = 0; unit < rankings.Count; unit++)
            {
                var at = (row * rankings.Count) + unit;
                if (!float.IsFinite(activations[at]))
                    throw OnnxVizException.Input($"An activation in {where} is NaN or infinite: its weights hold such numbers, or too large ones.");
                rankings[unit].Add(new(loaded.First + row, (int)found.Positions[at], activations[at]));
            }
        }
    }
}

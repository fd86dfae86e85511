using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using OnnxViz.Datasets;
using OnnxViz.Shards;
using OnnxViz.Top;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>The search itself: here, as a part, or joined from parts.</summary>
internal sealed class TopSearch(VisionModel model, Value layer, IPictureList pictures, IReadOnlyList<int> units, TopOptions options, RuntimeOptions runtime, Output output)
{
    /// <summary>A search that took longer is worth going on with.</summary>
    private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(10);

    private TopKey Key => TopKey.Of(model, layer, units, options.Top, pictures);

    /// <summary>Pictures at a time.</summary>
    public int Batch
    {
        get
        {
            var batch = TopPictures.BatchSize(model, layer, options, runtime.Device);
            return model.Input.Dims![0] > 0 ? batch : Math.Min(batch, pictures.Count);
        }
    }

    /// <summary>All of it.</summary>
    /// <param name="file">Where it is kept on its way.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C; what was found is kept.</exception>
    public TopState Whole(TopStateFile file) => output.WithProgress($"Searching {pictures.Count} pictures", report => Run(pictures, Key, Batch, file, report));

    /// <summary>Of N parts the I-th.</summary>
    /// <param name="work">Where it goes.</param>
    /// <param name="folder">The same.</param>
    /// <param name="shard">Which part.</param>
    /// <param name="batch">Pictures at a time.</param>
    /// <returns>The exit code.</returns>
    public int Part(PartWork work, string folder, Shard shard, int batch) => work.Run($"Searching, part {shard}", (_, report) =>
    {
        var (own, key) = PartOf(shard, batch);
        var file = new TopStateFile(null, Path.Combine(folder, $"search-{shard.Index}-of-{shard.Count}.json"));
        var found = key.Files == 0 ? TopState.New(key) : Run(own, key, batch, file, report);
        file.Finish();
        return new Piece(JsonNode.Parse(found.ToJson())!, new Dictionary<string, Tensor>());
    });

    /// <exception cref="OnnxVizException">A part is damaged, or of other pictures.</exception>
    public TopState Joined(PartSet parts)
    {
        var batch = int.Parse(parts.First.Cut.Batches);
        return TopShards.Join(Key, [.. parts.Pieces().Select((piece, i) =>
        {
            var shard = new Shard(i + 1, parts.First.Parts);
            var state = TopState.Parse(Encoding.UTF8.GetBytes(piece.Facts.ToJsonString()), $"part {shard}");
            if (!state.IsComplete || PartOf(shard, batch).Key.DifferenceTo(state.Key) is not null)
                throw OnnxVizException.Input($"Part {shard} is of a search with {state.Key.DifferenceTo(PartOf(shard, batch).Key) ?? "no end"}: repeat it.");
            return (TopShards.Picked(pictures.Count, batch, shard), state);
        })]);
    }

    private (IPictureList Pictures, TopKey Key) PartOf(Shard shard, int batch)
    {
        var own = TopShards.Of(pictures, TopShards.Picked(pictures.Count, batch, shard));
        return (own, TopKey.Of(model, layer, units, options.Top, own));
    }

    private TopState Run(IPictureList searched, TopKey key, int batch, TopStateFile file, IProgress<(double Share, string Text)> report)
    {
        var start = file.Open(key, output);
        var clock = Stopwatch.StartNew();
        var state = TopPictures.Search(
            model, layer, searched, start, batch, runtime, new Relay<TopState>(s => report.Report(((double)s.Done / s.Key.Files, Said(s)))), file.Save, output.Cancellation);
        if (file.IsNamed || !state.IsComplete || clock.Elapsed > Worthwhile) file.Save(state);
        if (!state.IsComplete)
        {
            output.Say($"{state.Done} of {searched.Count} pictures are done and kept in {file.Path}: the same command goes on from there.");
            throw new OperationCanceledException(output.Cancellation);
        }

        var looked = state.Done - start.Done;
        if (looked > 0) output.Say($"{looked} pictures in {clock.Elapsed.TotalSeconds:0.0} s: {looked / clock.Elapsed.TotalSeconds:0.#} pictures/s");
        return state;
    }

    private static string Said(TopState state) => $"{state.Done} done{(state.Skipped.Count > 0 ? $", {state.Skipped.Count} broken" : "")}";
}

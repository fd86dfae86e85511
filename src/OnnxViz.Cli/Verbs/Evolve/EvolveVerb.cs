using System.Diagnostics;
using System.Text.Json.Nodes;
using CommandLine;
using OnnxViz.Datasets;
using OnnxViz.Deconv;
using OnnxViz.Evolve;
using OnnxViz.Options;
using OnnxViz.Runs;
using OnnxViz.Shards;
using OnnxViz.Training.Loop;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Evolve;

[Verb("evolve", HelpText = "Watch units of a network while it is trained: their strongest picture, its projection and their maximisation, checkpoint by checkpoint.")]
internal class EvolveVerb : EvolveArguments
{
    private const int UsualUnits = 8;

    public override int Run(Output output)
    {
        var (folder, layer, shard) = Named();
        var options = this.Onto(new EvolveOptions());
        var run = RunFolder.Open(folder);
        var checkpoints = CheckpointChoice.Of(run, Checkpoints);
        var metrics = run.Metrics();
        var files = new EvolutionFiles(Out, run, layer);
        foreach (var checkpoint in checkpoints) RunFiles.Reads(checkpoint.Path);
        if (shard is null) files.Check();
        var kept = Joined is null ? new FindingsFolder(State ?? Path.Combine(run.Path, "evolve")) : new FindingsFolder([.. Joined.Folders]);
        if (Joined is null) OutputFile.Probe(Path.Combine(kept.Path, "0.json"));
        using var data = OpenData(run, output);
        var runtime = Runtime();
        using var last = Open(checkpoints[^1]).Under(this, output);
        var c = last.Conventions;
        var dims = c.InputDims(1, c.Height, c.Width);
        var value = last.Layers.Find(layer);
        var count = LayerShape.Of(last, value, dims)[1];
        var units = UnitList.Parse(Unit ?? (count > UsualUnits ? $"random:{UsualUnits}" : "all"), count, layer, Seed);
        EvolutionSheet.Check(units.Count, checkpoints.Count, Math.Max(c.Height, c.Width));
        Deconvnet.Check(last, value, dims);

        var evolution = new Evolution(checkpoints, checkpoint => Under(Open(checkpoint)), layer, units, data.Train, Test, options, Seed, runtime, kept);
        // Epochs are tested when they end; what was saved before is tested here, where its own data is at hand.
        LabelledPictures? Test(RunModel checkpoint) =>
            metrics.Epochs.Any(e => e.Epoch == checkpoint.Epoch) || data.Test.Fingerprint != run.Description().Data.Test.Fingerprint ? null : data.Test;

        var command = PartWork.CommandOf(this, ManifestOf(units, checkpoints, data, last, options, runtime), ("fingerprint", data.Train.Fingerprint), ("models", JsonText.Array(evolution.Models)));
        Joined?.Check(command);
        if (Joined is not null && evolution.Done < checkpoints.Count)
            throw OnnxVizException.Input($"Only {evolution.Done} of {checkpoints.Count} checkpoints are in '{string.Join("', '", Joined.Folders)}': repeat the parts.");
        Find(evolution, checkpoints, units, shard, kept, output);
        if (shard is { } part) return Finish(part, command, evolution, checkpoints.Count, kept, runtime, output);
        var story = new EvolutionStory(run, metrics, data, checkpoints, evolution, units, layer, last);
        story.Tell(output);
        var written = files.Write(story, Manifest(story, last, options, runtime), output.Cancellation);
        foreach (var file in written) output.Say($"Wrote {file}");
        var json = story.Facts();
        json["device"] = runtime.Device.ToString();
        json["files"] = JsonText.Array(written);
        output.Object(json);
        return 0;
    }

    private static void Find(Evolution evolution, IReadOnlyList<RunModel> checkpoints, IReadOnlyList<int> units, Shard? shard, FindingsFolder kept, Output output)
    {
        var (before, clock) = (evolution.Done, Stopwatch.StartNew());
        if (before > 0) output.Say($"{before} of {checkpoints.Count} checkpoints are done already ({kept.Path}).");
        try
        {
            _ = output.WithProgress($"Watching {units.Count} {(units.Count == 1 ? "unit" : "units")}", report =>
            {
                evolution.Run(shard ?? Shard.Whole, report, output.Cancellation);
                return 0;
            });
        }
        catch (OperationCanceledException)
        {
            output.Say($"{evolution.Done} of {checkpoints.Count} checkpoints are done and kept in {kept.Path}: the same command goes on from there.");
            throw;
        }

        var found = evolution.Done - before;
        if (found > 0) output.Say($"{found} {(found == 1 ? "checkpoint" : "checkpoints")} in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private int Finish(Shard shard, JsonObject command, Evolution evolution, int checkpoints, FindingsFolder kept, RuntimeOptions runtime, Output output)
    {
        new PartWork(this, kept.Path, shard, command, new WorkCut(0, ""), runtime, output) { Replaces = true }.Complete();
        output.Say($"Part {shard}: {evolution.Done} of {checkpoints} checkpoints are in {kept.Path}; the same command with -o and without --shard joins them, or `onnxviz merge {kept.Path} -o FILE`.");
        output.Object(new JsonObject { ["verb"] = "evolve", ["shard"] = $"{shard}", ["done"] = evolution.Done, ["checkpoints"] = checkpoints, ["state"] = kept.Path });
        return 0;
    }

    private Dataset OpenData(RunFolder run, Output output)
    {
        var description = run.Description();
        // The same split as when it was trained.
        var data = Dataset.Open(Data ?? description.Data.Place, TrainingRun.RequestOf(description).DataOptions);
        if (Data is null && data.Train.Fingerprint != description.Data.Train.Fingerprint)
            output.Note($"The pictures in {description.Data.Place} are not those that the run was trained on: it has changed since.");
        return data;
    }

    private static VisionModel Open(RunModel checkpoint) => VisionModel.Load(checkpoint.Path, ModelCatalog.Open());

    /// <summary>The same as is said of the last checkpoint, without saying it again.</summary>
    private VisionModel Under(VisionModel model) => model.With(this.Onto(new ConventionOptions()).Of(model));

    private JsonObject Manifest(EvolutionStory story, VisionModel last, EvolveOptions options, RuntimeOptions runtime)
    {
        var manifest = ManifestOf(story.Units, story.Checkpoints, story.Data, last, options, runtime);
        manifest["checkpoints"] = story.Models();
        manifest["data"] = story.DataFacts();
        return manifest;
    }

    private JsonObject ManifestOf(IReadOnlyList<int> units, IReadOnlyList<RunModel> checkpoints, Dataset data, VisionModel last, EvolveOptions options, RuntimeOptions runtime)
    {
        var resolved = OptionTable.ToJson(options).ToDictionary(o => o.Key, o => o.Value?.DeepClone());
        resolved["unit"] = JsonText.Array(units);
        resolved["checkpoints"] = JsonText.Array(checkpoints.Select(m => m.Name));
        resolved["data"] = data.Name;
        return Results.Manifest.Of(this, last, runtime, [], resolved);
    }
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

[Verb("maximize", HelpText = "Find pictures that units or classes respond to most strongly.")]
internal sealed class MaximizeVerb : MaximizeOptions
{
    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What some units of VGG-16 look for", new MaximizeVerb { Layer = "conv4_3", Unit = "0,5,20-23", Out = "units.png" }),
        Manual.Example("What the carried classifier takes for an espresso", new MaximizeVerb { Class = "espresso", Out = "espresso.png" }),
        Manual.Example("Plain gradient ascent on the input", new MaximizeVerb { Model = "net.onnx", Layer = "features.14", Unit = "7", Param = "tensor", Steps = 8, Raw = "input.npy" }),
    ];

    /// <summary>A class is asked for unless a layer is named.</summary>
    protected override string DefaultModel => Class is null ? "vgg16-body" : "efficientnet-lite0";

    public override int Run(Output output)
    {
        var variants = Recipes.Variants(this);
        if (PrintOptions) return Print(output, variants);
        foreach (var flags in variants) Subjects.Check(flags);
        if (variants.Count > 1 && (Frames ?? Animate) is not null) throw OnnxVizException.Usage("--frames and --animate show one recipe on its way, not several.");
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        Delivery.CheckRaw(Raw);
        Delivery.CheckRaw(RawAlpha, "--raw-alpha");
        if (RawAlpha is not null && Raw is not null && Path.GetFullPath(RawAlpha) == Path.GetFullPath(Raw))
            throw OnnxVizException.Usage($"--raw and --raw-alpha both name {Raw}: one would be written over the other.");

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        Trial[] trials = [.. variants.Select(flags => Trial.Of(flags, model))];
        var sheet = new MaximizationSheet(trials);
        var delivery = new Delivery(this, trials[0].Model, runtime, output) { Inputs = [.. MaximizationFlags.Files(this).Select(InputFile.Of)], PageSize = sheet.PageSize };
        delivery.CheckPlaces(("--raw-alpha", RawAlpha), ("--animate", Animate), ("--frames", Frames is null ? null : Path.Combine(Frames, "0.png")));
        Resolve(delivery.Resolved, trials);

        var frames = new FrameFiles(this, trials[0].Subjects, sheet.Grid);
        var found = Find(output, trials, runtime, frames);
        foreach (var r in found) Finite.Checked(r.Found.Input, "the picture found", model.Name);
        output.Table(
            [Layer is null ? "class" : "unit", ">objective", ">steps", ""],
            found.Select(r => new[] { r.Text, Digits.Text(r.Found.Objective), $"{r.Found.Steps}", r.Found.Active == false ? "never active" : "" }));
        if (found.Count > 0)
        {
            if (RawAlpha is not null)
            {
                Delivery.WriteRaw(RawAlpha, Tensors.Join([.. found.Select(r => r.Found.Alpha!.ToFloats())], found[0].Found.Alpha!.Dims));
                output.Say($"Wrote {RawAlpha}");
            }

            if (frames.Animate() is { } animation) output.Say($"Wrote {animation}");
            delivery.Write(
                () => Tensors.Stack([.. found.Select(r => r.Found.Input)]),
                () => [.. found.Select(r => r.ToPicture(delivery.Stem, sheet.Labels, trials.Length, trials[0].Subjects.Count))],
                $"{delivery.Stem}_{Layer ?? "classes"}",
                sheet.Grid,
                new JsonObject
                {
                    ["verb"] = "maximize",
                    ["model"] = model.Name,
                    ["device"] = runtime.Device.ToString(),
                    ["results"] = new JsonArray([.. found.Select(r => r.Facts())]),
                });
        }

        // What was found until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    /// <summary>Unit by unit, and of each one recipe after the other.</summary>
    private static List<MaximizationResult> Find(Output output, Trial[] trials, RuntimeOptions runtime, FrameFiles frames)
    {
        var pictures = trials.Sum(t => t.Subjects.Count);
        return output.WithProgress($"Maximizing {pictures} {(pictures == 1 ? "picture" : "pictures")}", report =>
        {
            var found = new List<(int Subject, MaximizationResult Result)>();
            foreach (var (i, trial) in trials.Index())
            {
                if (i > 0 && output.Cancellation.IsCancellationRequested) break;
                var results = ActivationMaximization.Run(
                    trial.Model, [.. trial.Subjects.Select(s => s.Goal)], trial.Options, runtime, new MaximizationRelay(report, frames, i, trials.Length), output.Cancellation);
                found.AddRange(results.Zip(trial.Subjects, (m, s) => new MaximizationResult(trial, s, m)).Index());
            }

            return found.OrderBy(f => f.Subject).Select(f => f.Result).ToList();
        });
    }

    private static int Print(Output output, IReadOnlyList<MaximizeOptions> variants)
    {
        var printed = new JsonArray();
        foreach (var flags in variants)
        {
            var (height, width) = Trial.Size(flags, null);
            var resolved = ResolvedOptions.Of(flags, MaximizationFlags.Parse(flags, height, width));
            output.Say(Manual.CommandOf(resolved));
            printed.Add(new JsonObject { ["recipe"] = flags.Recipe, ["command"] = Manual.CommandOf(resolved), ["options"] = ResolvedOptions.ToJson(resolved) });
        }

        output.Object(new JsonObject { ["verb"] = "maximize", ["runs"] = printed });
        return 0;
    }

    private void Resolve(Dictionary<string, JsonNode?> resolved, Trial[] trials)
    {
        // "all" and "random:9" came to mean these; of sums the text says it.
        var units = trials[0].Subjects.Select(s => s.Goal.Objective.OnlyUnit).ToList();
        if (units.TrueForAll(u => u is not null)) resolved[Layer is null ? "class" : "unit"] = new JsonArray([.. units.Select(u => (JsonNode)u!.Value)]);
        var runs = trials.Select(t => ResolvedOptions.ToJson(ResolvedOptions.Of(t.Flags, t.Options))).ToList();
        foreach (var run in runs)
        {
            // Files are told by their names, and what is told elsewhere is not told again.
            foreach (var (name, file) in new[] { ("init", MaximizationFlags.IsFile(Init) ? Init : null), ("direction", Direction), ("magnitude", Magnitude) })
                if (file is not null) run[name] = Path.GetFileName(Path.TrimEndingDirectorySeparator(file));
            foreach (var name in run.Select(o => o.Key).Where(n => n != "init" && Manifest.Leaves(n)).ToList()) run.Remove(name);
        }

        // One run is told by the options, several by one object each.
        if (runs is not [var only]) resolved["runs"] = new JsonArray([.. runs]);
        else foreach (var (name, value) in only) resolved.TryAdd(name, value?.DeepClone());
    }
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Options;
using OnnxViz.Shards;
using OnnxViz.Views;
using OptionAttribute = CommandLine.OptionAttribute;

namespace OnnxViz.Cli.Verbs.Maximize;

[Verb("maximize", HelpText = "Find pictures that units or classes respond to most strongly.")]
internal class MaximizeVerb : ModelOptions, IShared, IResumed, IResults, IRandom
{
    public string? Out { get; set; }

    public string? Raw { get; set; }

    public ulong Seed { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What some units of VGG-16 look for", new MaximizeVerb { Layer = "conv4_3", Unit = "0,5,20-23", Out = "units.png" }),
        Manual.Example("What the carried classifier takes for an espresso", new MaximizeVerb { Class = "espresso", Out = "espresso.png" }),
        Manual.Example(
            "Plain gradient ascent on the input",
            new MaximizeVerb { Model = "net.onnx", Layer = "features.14", Unit = "7", Raw = "input.npy" }.With(("param", "tensor"), ("steps", "8"))),
        Manual.Example("The third of sixteen parts of the work on a layer", new MaximizeVerb { Layer = "conv3_3", Unit = "all", Out = "parts/" }.With(("shard", "3/16"))),
    ];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new MaximizeOptions(), new LabelledSheetOptions(), new ShownParts()).Concat(ClassName.Bound).Concat(Sharding.Bound);

    [Option("recipe", MetaValue = "NAME,...", HelpText = "Options under a name, of which those given beside it differ; several are shown side by side: " + MaximizeRecipe.Names + ".")]
    public string? Recipe { get; set; }

    [Option("print-options", HelpText = "Print what the options come to, as a command, and do nothing.")]
    public bool PrintOptions { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "The layer that holds the units.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9; 25@14,20 is one place of unit 25; 0.7*25+0.3*100 is one picture for both.")]
    public string? Unit { get; set; }

    [Option("class", MetaValue = "ID|NAME,...", HelpText = "One or several classes of the answer instead.")]
    public string? Class { get; set; }

    [Option("position", MetaValue = "Y,X", HelpText = "Maximise the unit at one place of its map, counted from 0,0.")]
    public string? Position { get; set; }

    [Option("direction", MetaValue = "FILE.npy", HelpText = "Instead of --unit a direction among the units of --layer: [C], or one per row of [N,C].")]
    public string? Direction { get; set; }

    [Option("cosine-power", MetaValue = "P", HelpText = "Of --direction: dot * max(0.1, cosine)^P; 0 is the plain dot product, 2 the activation atlas.")]
    public float? CosinePower { get; set; }

    [Option("plus", MetaValue = "W*LAYER:UNIT", HelpText = "Something else to be maximised as well, or with a negative weight avoided; several times (--plus=-0.5*conv5_3:43).")]
    public IEnumerable<string> Plus { get; set; } = [];

    [Option("interpolate", MetaValue = "N", HelpText = "N pictures on the way from the first of two units to the second.")]
    public int? Interpolate { get; set; }

    [Option("copies", MetaValue = "N", HelpText = "N pictures of every unit, from different noise.")]
    public int? Copies { get; set; }

    [NotInManifest]
    [Option("raw-alpha", MetaValue = "FILE.npy", HelpText = "MACO: write how much every pixel mattered, [units,H,W], the sum of |d objective / d pixel| over all steps.")]
    public string? RawAlpha { get; set; }

    [NotInManifest]
    [Option("frames", MetaValue = "DIR", HelpText = "Write every picture on its way, too: DIR/LAYER_UNIT_STEP.png.")]
    public string? Frames { get; set; }

    [NotInManifest]
    [Option("animate", MetaValue = "FILE.png", HelpText = "Write the way as an animated PNG; of several pictures as one sheet.")]
    public string? Animate { get; set; }

    [NotInManifest]
    [Option("frames-every", MetaValue = "N", HelpText = "Steps from one frame to the next; by default there are 24 or a few more.")]
    public int? FramesEvery { get; set; }

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [NotInManifest]
    [Option("skip-existing", HelpText = IResumed.Help)]
    public bool SkipExisting { get; set; }

    public PartSet? Joined { get; set; }

    /// <summary>A class is asked for unless a layer is named.</summary>
    protected override string DefaultModel => Class is null ? "vgg16-body" : "efficientnet-lite0";

    public override bool UsesGradients => true;

    protected override Precision PrecisionOnGpu => OnnxViz.Runtime.Precision.Tf32;

    protected override bool TakesSeveralDevices => true;

    public override int Run(Output output)
    {
        var variants = Variant.Of(this);
        if (PrintOptions) return Print(output, variants);
        foreach (var variant in variants) Check(variant.Options);
        if (variants.Count > 1 && (Frames ?? Animate) is not null) throw OnnxVizException.Usage("--frames and --animate show one recipe on its way, not several.");

        var shard = this.PartOf();
        var folder = shard is null ? null : Sharding.FolderOf(this);
        if (shard is not null && (Frames ?? Animate ?? RawAlpha) is not null)
            throw OnnxVizException.Usage($"--{(RawAlpha is not null ? "raw-alpha" : Frames is not null ? "frames" : "animate")} and --shard do not go together: a part keeps results only{(RawAlpha is null ? "" : ", this one too, as 'alpha' in its .npz files")}.");
        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        MaximizeRun[] runs = [.. variants.Select(v => MaximizeRun.Of(this, v, model))];
        var sheet = new MaximizationSheet(variants[0].Sheet, Layer, [.. runs[0].Targets.Select(t => t.Label)], runs.Length);
        var delivery = new Delivery(this, runs[0].Model, runtime, output, drawsPictures: shard is null) { Inputs = [.. InputFiles(variants[0].Options).Select(InputFile.Of)], PageSize = sheet.PageSize };
        if (shard is null) delivery.CheckPlaces(RawAlpha, Animate, Frames is null ? null : Path.Combine(Frames, "0.png"));
        Resolve(delivery.Resolved, runs);

        JsonObject Command() => PartWork.CommandOf(this, Manifest.Of(this, runs[0].Model, runtime, delivery.Inputs, delivery.Resolved));
        Joined?.Check(Command());
        if (shard is { } part)
        {
            using var pieces = new MaximizePieces(runs, runtime, output.Cancellation);
            return new PartWork(this, folder!, part, Command(), pieces.Cut, runtime, output).Run(
                $"Maximizing, part {part}", (piece, report) => pieces.Part(piece, report) is var done && output.Cancellation.IsCancellationRequested ? null : done);
        }

        IResumed.Check(this, delivery.Folder);
        var frames = new FrameFiles(this, runs[0].Targets, sheet.Grid);
        using var results = delivery.Open();
        List<MaximizationResult> found = [];
        var keepsRaw = Raw is not null || RawAlpha is not null;
        Find(runs, runtime, frames, Finished(delivery, runs), output, file => { if (file.Length > 0) results.AddFinished(file); }, result =>
        {
            results.Add(result.ToPicture(delivery.Stem, sheet));
            // Of tensors no more than one batch's is held unless they are asked for, and of pictures those of a sheet.
            found.Add(result with { Picture = new Image(1, 1), Input = keepsRaw ? result.Input : null, Alpha = keepsRaw ? result.Alpha : null });
        });
        found = [.. found.OrderBy(r => r.Index)];
        if (SkipExisting) output.Say($"{results.Files.Count - results.Count} of {runs.Sum(r => r.Targets.Count)} pictures were finished in {delivery.Folder} before.");
        Sharding.Told(this, runtime, output);
        output.Table(
            [Layer is null ? "class" : "unit", ">objective", ">steps", ""],
            found.Select(r => new[] { r.Text, Digits.Text(r.Objective), $"{r.Steps}", r.Active == false ? "never active" : "" }));
        if (found.Count > 0 || results.Files.Count > 0)
        {
            if (RawAlpha is not null)
            {
                Delivery.WriteRaw(RawAlpha, Tensors.Join([.. found.Select(r => r.Alpha!.ToFloats())], found[0].Alpha!.Dims));
                output.Say($"Wrote {RawAlpha}");
            }

            if (frames.Animate() is { } animation) output.Say($"Wrote {animation}");
            foreach (var result in found) results.AddRaw(() => result.Input!);
            delivery.Finish(
                results,
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
        if (output.Cancellation.IsCancellationRequested && delivery.Folder is { } place && results.Files.Count > 0)
            output.Say($"{results.Files.Count} pictures are kept in {place}: the same command with --skip-existing goes on from there.");
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private void Find(MaximizeRun[] runs, RuntimeOptions runtime, FrameFiles frames, Func<MaximizeRun, int, string?> finished, Output output, Action<string> pass, Action<MaximizationResult> deliver)
    {
        if (Joined is { } parts)
        {
            foreach (var result in MaximizePieces.Joined(parts, runs, Raw is not null || RawAlpha is not null)) deliver(result);
            return;
        }

        var pictures = runs.Sum(r => r.Targets.Count);
        using var pieces = new MaximizePieces(runs, runtime, output.Cancellation);
        _ = output.WithWork($"Maximizing {pictures} {(pictures == 1 ? "picture" : "pictures")}", progress =>
        {
            pieces.All(finished, pass, progress, frames, deliver, output.Cancellation);
            return 0;
        });
    }

    /// <summary>The files of targets whose picture is in the folder, if those are to be left out.</summary>
    private Func<MaximizeRun, int, string?> Finished(Delivery delivery, MaximizeRun[] runs)
    {
        // Batches of which nothing is wanted are passed over as those that are finished.
        if (Only?.Results is not null && runs.Any(r => r.Targets.Any(t => IsWanted(r, t)))) return (run, target) => IsWanted(run, run.Targets[target]) ? null : "";
        if (!SkipExisting) return (_, _) => null;
        var files = FinishedResults.In(delivery.Folder).Of(delivery.ManifestOf([])).Where(f => f.Facts[MaximizationResult.Partial] is null)
            .ToLookup(f => ((string?)f.Facts["recipe"], (string)f.Facts["subject"]!), f => f.File);
        // Of the same unit asked for twice there are two pictures.
        var places = runs.SelectMany(r => r.Targets.Index().Select(t => (r.Variant.Recipe, t.Item.Label, Target: t.Index))).GroupBy(t => (t.Recipe, t.Label))
            .SelectMany(same => same.Zip(files[(same.Key.Recipe, same.Key.Label)])).ToDictionary(p => (p.First.Recipe, p.First.Target), p => p.Second);
        return (run, target) => places.GetValueOrDefault((run.Variant.Recipe, target));

        bool IsWanted(MaximizeRun run, Target target) => Only!.Results!.Contains(MaximizationResult.TextOf(run.Variant.Recipe, target));
    }

    private void Check(MaximizeOptions options)
    {
        Targets.Check(this, options);
        Delivery.CheckRaw(Raw);
        Delivery.CheckRaw(RawAlpha, "--raw-alpha");
        if (RawAlpha is null) return;
        if (options.Param != ParameterKind.Maco) throw OnnxVizException.Usage("--raw-alpha belongs to --param maco.");
        if (Raw is not null && Path.GetFullPath(RawAlpha) == Path.GetFullPath(Raw))
            throw OnnxVizException.Usage($"--raw and --raw-alpha both name {Raw}: one would be written over the other.");
    }

    private IEnumerable<string> InputFiles(MaximizeOptions options) => Direction is { } direction ? OptionTable.Files(options).Append(direction) : OptionTable.Files(options);

    private int Print(Output output, IReadOnlyList<Variant> variants)
    {
        var printed = new JsonArray();
        foreach (var (recipe, options, sheet) in variants)
        {
            // A position is an objective itself.
            var spelled = this.With([.. OptionTable.ToTexts(options).Where(o => o.Name != "objective" || (Position is null && Unit?.Contains('@', StringComparison.Ordinal) != true)), .. OptionTable.ToTexts(sheet)]);
            (spelled.Recipe, spelled.PrintOptions, spelled.Json) = (null, false, false);
            output.Say(Manual.CommandOf(spelled));
            var json = new JsonObject([.. OptionTable.ToJson(options).Concat(OptionTable.ToJson(sheet)).Select(o => KeyValuePair.Create(o.Key, o.Value?.DeepClone()))]);
            printed.Add(new JsonObject { ["recipe"] = recipe, ["command"] = Manual.CommandOf(spelled), ["options"] = json });
        }

        output.Object(new JsonObject { ["verb"] = "maximize", ["runs"] = printed });
        return 0;
    }

    private void Resolve(Dictionary<string, JsonNode?> resolved, MaximizeRun[] runs)
    {
        // "all" and "random:9" came to mean these; of sums the text says it.
        var asked = runs[0].Targets.Select(s => s.Goal.Objective).ToList();
        if (asked.TrueForAll(o => o.OnlyUnit is not null))
        {
            resolved[Layer is null ? "class" : "unit"] = new JsonArray([.. asked.Select(o => Position is null && o.OnlyPosition is { } at
                ? (JsonNode)new UnitPlace(o.OnlyUnit!.Value, at).ToString()
                : o.OnlyUnit!.Value)]);
        }

        if (Direction is not null) resolved["direction"] = Path.GetFileName(Direction);
        foreach (var (name, value) in OptionTable.ToJson(runs[0].Variant.Sheet)) resolved[name] = value?.DeepClone();
        // One run is told by the options, several by one object each.
        if (runs is not [var only]) resolved["runs"] = new JsonArray([.. runs.Select(r => OptionTable.ToJson(r.Variant.Options))]);
        else foreach (var (name, value) in OptionTable.ToJson(only.Variant.Options)) resolved[name] = value?.DeepClone();
    }
}

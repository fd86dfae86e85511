using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Parsing;
using OnnxViz.Cli.Results;
using OnnxViz.Imaging;
using OnnxViz.Visualize;

namespace OnnxViz.Cli;

[Verb("maximize", HelpText = "Find pictures that units or classes respond to most strongly.")]
internal sealed class MaximizeVerb : MaximizeOptions
{
    private const int DefaultSide = 128;

    /// <summary>MACO looks at parts of its picture.</summary>
    private const int MacoSide = 320;

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
        Subjects.Check(this);
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        var background = Choice.Of("--background", Background ?? "white", ("white", GridBackground.White), ("black", GridBackground.Black));
        Delivery.CheckRaw(Raw);
        Delivery.CheckRaw(RawAlpha, "--raw-alpha");

        var runtime = Runtime();
        var model = LoadModel(output, Prepared);
        var side = MaximizationFlags.Param(this) == ParameterKind.Maco ? MacoSide : DefaultSide;
        var (height, width) = Size is null ? model.FixedSize ?? (side, side) : (model.Conventions.Height, model.Conventions.Width);
        model = model.With(model.Conventions with { Height = height, Width = width });
        var options = MaximizationFlags.Parse(this, height, width);
        var subjects = Subjects.Of(this, model);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = [.. MaximizationFlags.Files(this).Select(InputFile.Of)] };
        Resolve(delivery.Resolved, options, subjects);

        var sheet = new GridOptions { Columns = Columns, Background = background };
        var frames = new FrameFiles(this, subjects, sheet);
        var found = output.WithProgress($"Maximizing {subjects.Count} {(subjects.Count == 1 ? "picture" : "pictures")}", report => ActivationMaximization.Run(
            model, [.. subjects.Select(s => s.Goal)], options, runtime, new Relay(report, frames), output.Cancellation));
        foreach (var m in found) Finite.Checked(m.Input, "the picture found", model.Name);
        var results = found.Zip(subjects, (m, s) => new PictureResult($"{delivery.Stem}_{s.Label}", m.Active == false ? $"{s.Label} (never active)" : s.Label, m.Picture, Facts(s, m))).ToList();
        output.Table([Layer is null ? "class" : "unit", ">objective", ">steps"], found.Zip(results, (m, r) => new[] { r.Label, $"{m.Objective:0.####}", $"{m.Steps}" }));
        if (found.Count > 0)
        {
            if (RawAlpha is not null) Delivery.WriteRaw(RawAlpha, Tensors.Join([.. found.Select(m => m.Alpha!.ToFloats())], found[0].Alpha!.Dims));
            if (frames.Animate() is { } animation) output.Say($"Wrote {animation}");
            delivery.Write(
                () => Tensors.Stack([.. found.Select(m => m.Input)]),
                () => results,
                $"{delivery.Stem}_{Layer ?? "classes"}",
                sheet,
                new JsonObject
                {
                    ["verb"] = "maximize",
                    ["model"] = model.Name,
                    ["device"] = runtime.Device.ToString(),
                    ["results"] = new JsonArray([.. results.Select(r => r.Facts.DeepClone())]),
                });
        }

        // What was found until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private static JsonObject Facts(Subject subject, Maximization m)
    {
        var facts = new JsonObject { ["subject"] = subject.Label };
        if (m.Unit is { } unit) facts["unit"] = unit;
        (facts["objective"], facts["steps"]) = (m.Objective, m.Steps);
        if (m.Active is { } active) facts["active"] = active;
        return facts;
    }

    private void Resolve(Dictionary<string, JsonNode?> resolved, MaximizationOptions options, IReadOnlyList<Subject> subjects)
    {
        // "all" and "random:9" came to mean these; of sums the text says it.
        var units = subjects.Select(s => s.Goal.Objective.OnlyUnit).ToList();
        if (units.TrueForAll(u => u is not null)) resolved[Layer is null ? "class" : "unit"] = new JsonArray([.. units.Select(u => (JsonNode)u!.Value)]);
        resolved["steps"] = options.Steps;
        resolved["redirect-steps"] = options.RedirectSteps;
        resolved["restarts"] = options.Restarts;
        resolved["lr"] = options.LearningRate;
        resolved["decay"] = options.Decay;
        resolved["transforms"] = options.Transforms.ToString();
        resolved["optimizer"] = options.Optimizer.ToString().ToLowerInvariant();
        resolved["magnitude"] = Magnitude is null ? null : Path.GetFileName(Path.TrimEndingDirectorySeparator(Magnitude));
        resolved["init"] = MaximizationFlags.IsFile(Init) ? Path.GetFileName(Init) : Init ?? "noise";
        if (Direction is not null) resolved["direction"] = Path.GetFileName(Direction);
        var r = options.Regularization;
        foreach (var (name, weight) in new[] { ("l1", r.L1), ("l2", r.L2), ("alpha-norm", r.AlphaNorm), ("tv", r.TotalVariation), ("scharr", r.Scharr), ("boundary", r.Boundary) })
            resolved[name] = weight;
    }

    private sealed class Relay(IProgress<(double Share, string Text)> report, FrameFiles frames) : IProgress<MaximizationProgress>
    {
        private int? _batch;

        public void Report(MaximizationProgress p)
        {
            frames.Take(p);
            // The first batch is taken for the whole; once it is done its size is known.
            if (p.Done > 0) _batch ??= p.Done;
            var batch = Math.Min(_batch ?? p.Units, p.Units - p.Done);
            report.Report(((p.Done + ((double)p.Step / p.Steps * batch)) / p.Units, $"step {p.Step}, objective {p.Objective:0.###}"));
        }
    }
}

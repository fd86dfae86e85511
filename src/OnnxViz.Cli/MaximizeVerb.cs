using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Parsing;
using OnnxViz.Cli.Results;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Visualize;

namespace OnnxViz.Cli;

[Verb("maximize", HelpText = "Find pictures that units or classes respond to most strongly.")]
internal sealed class MaximizeVerb : MaximizeOptions
{
    private const int DefaultSide = 128;

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
        if (Class is not null && Layer is not null) throw OnnxVizException.Usage("--class and --layer do not go together: one of them says what is maximised.");
        if (Class is null && (Layer is null || Unit is null)) throw OnnxVizException.Usage("What is to be maximised? --layer conv4_3 --unit 0,5, or --class espresso.");
        if (Class is not null && Unit is not null) throw OnnxVizException.Usage("--unit belongs to --layer; --class names the unit itself.");
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        var background = Choice.Of("--background", Background, ("white", GridBackground.White), ("black", GridBackground.Black));
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        var model = LoadModel(output, Prepared);
        var (height, width) = Size is null ? model.FixedSize ?? (DefaultSide, DefaultSide) : (model.Conventions.Height, model.Conventions.Width);
        model = model.With(model.Conventions with { Height = height, Width = width });
        var options = MaximizationFlags.Parse(this, height, width);
        var layer = Layer is null ? ClassOutput.Of(model) : model.Layers.Find(Layer);
        var units = Units(model, layer);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = MaximizationFlags.IsFile(Init) ? [InputFile.Of(Init)] : [] };
        Resolve(delivery.Resolved, options, units);

        var found = output.WithProgress($"Maximizing {units.Count} {(units.Count == 1 ? "unit" : "units")}", report => ActivationMaximization.Run(
            model, layer, units, options, runtime, new Relay(report), output.Cancellation));
        foreach (var m in found) Finite.Checked(m.Input, "the picture found", model.Name);
        output.Table([Layer is null ? "class" : "unit", ">objective", ">steps"], found.Select(m => new[] { Subject(model, m), $"{m.Objective:0.####}", $"{m.Steps}" }));
        if (found.Count > 0)
        {
            delivery.Write(
                () => Tensors.Stack([.. found.Select(m => m.Input)]),
                () => [.. found.Select(m => new PictureResult($"{delivery.Stem}_{Subject(model, m)}", Subject(model, m), m.Picture, Facts(model, m)))],
                $"{delivery.Stem}_{Layer ?? "classes"}",
                new GridOptions { Columns = Columns, Background = background },
                new JsonObject
                {
                    ["verb"] = "maximize",
                    ["model"] = model.Name,
                    ["device"] = runtime.Device.ToString(),
                    ["results"] = new JsonArray([.. found.Select(m => Facts(model, m))]),
                });
        }

        // What was found until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private IReadOnlyList<int> Units(VisionModel model, Value layer)
    {
        if (Layer is null)
        {
            return [.. ClassName.Several(Class!, model).Select(name => ClassName.Resolve(name, model)
                ?? throw OnnxVizException.Usage("--class top needs a picture; name the class that is to be maximised."))];
        }

        var c = model.Conventions;
        return UnitList.Parse(Unit!, LayerShape.Of(model, layer, c.InputDims(1, c.Height, c.Width))[1], Layer, Seed);
    }

    private string Subject(VisionModel model, Maximization m) => Layer is null ? ClassName.Of(model, m.Unit) : $"{Layer} {m.Unit}";

    private JsonObject Facts(VisionModel model, Maximization m) =>
        new() { ["subject"] = Subject(model, m), ["unit"] = m.Unit, ["objective"] = m.Objective, ["steps"] = m.Steps };

    private void Resolve(Dictionary<string, JsonNode?> resolved, MaximizationOptions options, IReadOnlyList<int> units)
    {
        resolved[Layer is null ? "class" : "unit"] = new JsonArray([.. units.Select(u => (JsonNode)u)]);
        resolved["steps"] = options.Steps;
        resolved["lr"] = options.LearningRate;
        resolved["decay"] = options.Decay;
        resolved["transforms"] = options.Transforms.ToString().ToLowerInvariant();
        resolved["init"] = MaximizationFlags.IsFile(Init) ? Path.GetFileName(Init) : Init;
        var r = options.Regularization;
        foreach (var (name, weight) in new[] { ("l1", r.L1), ("l2", r.L2), ("alpha-norm", r.AlphaNorm), ("tv", r.TotalVariation), ("scharr", r.Scharr) })
            resolved[name] = weight;
    }

    private sealed class Relay(IProgress<(double Share, string Text)> report) : IProgress<MaximizationProgress>
    {
        private int? _batch;

        public void Report(MaximizationProgress p)
        {
            // The first batch is taken for the whole; once it is done its size is known.
            if (p.Done > 0) _batch ??= p.Done;
            var batch = Math.Min(_batch ?? p.Units, p.Units - p.Done);
            report.Report(((p.Done + ((double)p.Step / p.Steps * batch)) / p.Units, $"step {p.Step}, objective {p.Objective:0.###}"));
        }
    }
}

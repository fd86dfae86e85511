using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Autodiff;
using OnnxViz.Options;
using OnnxViz.Prepare;
using OptionAttribute = CommandLine.OptionAttribute;

namespace OnnxViz.Cli.Verbs.Prepare;

[Verb("prepare", HelpText = "Compile gradient graphs into a folder that ONNX Runtime runs in any language.")]
internal class PrepareVerb : ModelArgument
{
    private const string All = "all", Scores = "scores";

    public static IEnumerable<BoundOption> BoundConventions => Conventions.Bound.Concat(ClassName.Bound);

    [Option('o', "out", MetaValue = "DIR", HelpText = "The folder: a new one, an empty one, or one that was prepared before.")]
    public string? Out { get; set; }

    [Option("layers", MetaValue = "A,B", HelpText = "Layers that get gradient graphs: names, scores (what classes are read from; the default where there are classes), or all.")]
    public string? Layers { get; set; }

    [Option("rules", Default = "default", MetaValue = "default,guided,deconv", HelpText = "How gradients pass activations.")]
    public string Rules { get; set; } = "default";

    [Option("batch", MetaValue = "N", HelpText = "Fix the number of pictures at a time that the model leaves open.")]
    public int? Batch { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Why a classifier answers as it does, for a web page", new PrepareVerb { Name = "efficientnet-lite0", Out = "lite0" }),
        Manual.Example("Two layers, by three rules", new PrepareVerb { Name = "vgg16-body", Out = "vgg16", Layers = "conv4_3,pool5", Rules = "default,guided,deconv" }),
    ];

    public override int Run(Output output)
    {
        if (Named is not { } name) throw OnnxVizException.Usage("Which model? onnxviz prepare MODEL -o DIR.");
        if (string.IsNullOrEmpty(Out)) throw OnnxVizException.Usage("Where to? -o names a folder.");
        if (Batch is < 1) throw OnnxVizException.Usage($"--batch {Batch}: at least one picture is needed.");
        GradientRules[] rules = [.. Rules.Split(',', StringSplitOptions.TrimEntries).Select(RulesOf).Distinct()];

        using var loaded = Load(name);
        var model = loaded.Under(this, output);
        var options = new PreparationOptions(LayersOf(model), rules)
        {
            Size = this.Onto(new ConventionOptions()).Size is { } size ? (size.Height, size.Width) : null,
            Batch = Batch,
            LeavesOut = Layers == All,
        };
        var result = output.WithProgress("Preparing", report => Preparation.Run(model, options, Out, report, output.Cancellation));
        Tell(output, model, result);
        return 0;
    }

    private static GradientRules RulesOf(string word) => Words.Choose(
        nameof(Rules), word, ("default", GradientRules.Default), ("guided", GradientRules.Guided), ("deconv", GradientRules.Deconv));

    private List<Value> LayersOf(VisionModel model)
    {
        if (Layers is null) return [ClassOutput.Find(model) ?? model.Graph.Outputs[0]];
        if (Layers == All) return [.. model.Layers.Layers.Select(l => l.Value).Distinct()];
        var names = Layers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) throw OnnxVizException.Usage("--layers names no layer: conv4_3,pool5, or scores, or all.");
        return [.. names.Select(n => n == Scores && !model.Layers.Has(n) ? ClassOutput.Of(model) : model.Layers.Find(n)).Distinct()];
    }

    private void Tell(Output output, VisionModel model, PreparationResult result)
    {
        var index = result.Index;
        PreparedFile[] files = [.. index.Weights is null ? [] : new[] { index.Weights }, index.Forward, .. index.Gradients.Select(g => g.Graph)];
        output.Table(["file", ">size"], files.Select(f => new[] { f.File, Size(f.Size) }));
        foreach (var (layer, rule, reason) in result.LeftOut) output.Note($"Left out: {layer}, {rule}: {reason}");
        output.Say($"Wrote {Out}: {index.Gradients.Count} gradient {(index.Gradients.Count == 1 ? "graph" : "graphs")} for pictures [{Shapes.Text(index.Preprocessing.Input.Shape)}], opset {index.Opset}, {Size(files.Sum(f => f.Size))}.");
        output.Object(new JsonObject
        {
            ["verb"] = "prepare",
            ["model"] = model.Name,
            ["out"] = Out,
            ["opset"] = index.Opset,
            ["input_shape"] = JsonText.Array(index.Preprocessing.Input.Shape),
            ["files"] = new JsonArray([.. files.Select(ToJson)]),
            ["gradients"] = new JsonArray([.. index.Gradients.Select(g => new JsonObject { ["layer"] = g.Layer, ["rule"] = g.Rule, ["file"] = g.Graph.File })]),
            ["left_out"] = new JsonArray([.. result.LeftOut.Select(l => new JsonObject { ["layer"] = l.Layer, ["rule"] = l.Rule, ["reason"] = l.Reason })]),
        });
    }

    private static JsonObject ToJson(PreparedFile file) => new() { ["file"] = file.File, ["size"] = file.Size, ["sha256"] = file.Sha256 };

    /// <summary>A file's size for people: "812 B", "4.1 kB", "29.4 MB": decimal units, as disks are sold.</summary>
    private static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:0.0} kB",
        < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
        _ => $"{bytes / 1e9:0.00} GB",
    };
}

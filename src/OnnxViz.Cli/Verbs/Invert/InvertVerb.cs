using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Invert;
using OnnxViz.Options;
using OnnxViz.Views;
using OptionAttribute = CommandLine.OptionAttribute;

namespace OnnxViz.Cli.Verbs.Invert;

[Verb("invert", HelpText = "Find a picture from its code: what a layer has kept of it.")]
internal class InvertVerb : PictureOptions
{
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What is left of a cat, layer by layer", new InvertVerb { Image = ["cat.png"], Layer = ["conv3_1,conv4_1,conv5_1"], Out = "left.png" }),
        Manual.Example("What one layer makes of it, exaggerated", new InvertVerb { Image = ["cat.png"], Layer = ["conv4_1"] }.With(("recipe", "caricature"))),
        Manual.Example(
            "Plain gradient descent on the distance",
            new InvertVerb { Model = "net.onnx", Image = ["cat.png"], Layer = ["features.14"], Raw = "input.npy" }.With(("recipe", "plain"), ("steps", "100"))),
    ];

    public override bool UsesGradients => true;

    protected override Precision PrecisionOnGpu => OnnxViz.Runtime.Precision.Tf32;

    public static IEnumerable<BoundOption> Bound => Binding.Of(new InvertOptions(), new SheetOptions(), new ShownParts());

    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers, of any kind; `onnxviz summary MODEL` lists them.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("display", Default = "strip", MetaValue = "strip|picture", HelpText = "What is drawn: what was found beside the original, labelled, or by itself.")]
    public string Display { get; set; } = "strip";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    public override int Run(Output output)
    {
        var options = (this.Onto(new InvertOptions()) with { Seed = Seed }).Resolved();
        var sheet = this.Onto(new SheetOptions());
        var isStrip = Words.Choose(nameof(Display), Display, ("strip", true), ("picture", false));
        if (!Layer.Any()) throw OnnxVizException.Usage("Which layer's code is to be inverted? --layer conv3_1, or several: --layer conv3_1,conv4_1.");
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var names = LayerNames.Of(Layer, model);
        var layers = names.Select(model.Layers.Find).ToList();
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = [.. batch.Files, .. OptionTable.Files(options).Select(InputFile.Of)] };
        delivery.CheckPlaces();
        delivery.Resolved["layer"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
        foreach (var (name, value) in OptionTable.ToJson(options).Concat(OptionTable.ToJson(sheet))) delivery.Resolved[name] = value?.DeepClone();

        var found = output.WithProgress($"Inverting {names.Count} {(names.Count == 1 ? "layer" : "layers")}", report => Inversion.Run(
            model, batch.Input, batch.Names, layers, options, runtime, new Relay<InversionProgress>(p => report.Report((
                (p.Done + ((double)p.Step / p.Steps)) / p.Runs, $"{names[p.Layer]}, step {p.Step}, loss {Digits.Text(p.Loss)}"))), output.Cancellation));
        foreach (var f in found) Finite.Checked(f.Input, "the picture found", model.Name);
        var strips = found.GroupBy(f => f.Row).Select(g => new InversionStrip(batch.Names[g.Key], batch.Shown(g.Key, model), names, [.. g], options)).ToList();
        if (found.Count > 0)
        {
            output.Table(
                ["picture", "layer", ">error", ">cosine", ">steps"],
                strips.SelectMany(s => s.Found.Select(f => new[] { s.Picture, names[f.Layer], InversionStrip.Error(f.Error), $"{f.Cosine:0.0000}", $"{f.Steps}" })));
            var grid = new GridOptions { Columns = isStrip ? 1 : sheet.Columns, Background = sheet.Background, Padding = isStrip ? 0 : null };
            delivery.Write(
                () => Tensors.Stack([.. found.Select(f => f.Input)]),
                () => isStrip ? strips.ConvertAll(s => Strip(s, delivery, sheet)) : [.. strips.SelectMany(s => s.Found.Select(f => Single(s, f, delivery)))],
                $"{delivery.Stem}_inversions",
                grid,
                new JsonObject
                {
                    ["verb"] = "invert",
                    ["model"] = model.Name,
                    ["recipe"] = Words.Of(options.Recipe),
                    ["device"] = runtime.Device.ToString(),
                    ["results"] = Facts(strips),
                });
        }

        // What was found until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private static PictureResult Strip(InversionStrip s, Delivery delivery, SheetOptions sheet) => new(
        $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(s.Picture)}_inverted", "", s.Draw(sheet), new JsonObject { ["picture"] = s.Picture, ["layers"] = Facts([s]) });

    private static PictureResult Single(InversionStrip s, Inverted f, Delivery delivery) =>
        new(
            $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(s.Picture)}_{s.Layers[f.Layer]}_inverted{(s.Options.Restarts > 1 ? $"_{f.Restart}" : "")}",
            $"{s.Picture}: {s.Label(f)}", f.Picture, Facts(s, f));

    private static JsonArray Facts(IEnumerable<InversionStrip> strips) => new([.. strips.SelectMany(s => s.Found.Select(f => Facts(s, f)))]);

    private static JsonObject Facts(InversionStrip s, Inverted f)
    {
        var facts = new JsonObject
        {
            ["picture"] = s.Picture,
            ["layer"] = s.Layers[f.Layer],
            ["error"] = f.Error,
            ["cosine"] = f.Cosine,
            ["loss"] = f.Loss,
            ["steps"] = f.Steps,
        };
        if (s.Options.Restarts > 1) facts["restart"] = f.Restart;
        return facts;
    }
}

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
internal class InvertVerb : DrawnPictureOptions
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
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = [.. OptionTable.Files(options).Select(InputFile.Of)] };
        delivery.CheckPlaces();
        delivery.Resolved["layer"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
        foreach (var (name, value) in OptionTable.ToJson(options).Concat(OptionTable.ToJson(sheet))) delivery.Resolved[name] = value?.DeepClone();

        using var run = new PictureRun(this, pictures, delivery, output);
        run.Results.Expect((long)pictures.Count * (isStrip ? 1 : layers.Count * options.Restarts));
        var left = run.Left(isStrip ? 1 : layers.Count * options.Restarts);
        run.TellFinished();
        using var sessions = new InversionSessions(model, [1, .. pictures.InputDims[1..]], layers, options, runtime);
        var (lines, facts) = (new List<string[]>(), new JsonArray());
        _ = output.WithWork($"Inverting {names.Count} {(names.Count == 1 ? "layer" : "layers")} of {pictures.Text}", progress =>
        {
            foreach (var name in names) progress.Add(name, left.Count * options.Restarts);
            run.Loop.Guarded(() =>
            {
                var done = 0;
                foreach (var chunk in pictures.Chunks(left, 1, output.Cancellation))
                {
                    run.Loop.Note(chunk.Skipped);
                    var before = done++ * options.Restarts;
                    if (chunk.Input is null) continue;
                    var found = Inversion.Run(sessions, chunk.Input, [chunk.Rows[0].Name], new Relay<InversionProgress>(p => progress.Report(
                        names[p.Layer], before + (p.Done % options.Restarts) + ((double)p.Step / p.Steps), $"{names[p.Layer]}, step {p.Step}, loss {Digits.Text(p.Loss)}")), output.Cancellation);
                    Deliver(found, chunk.Rows[0]);
                    output.Cancellation.ThrowIfCancellationRequested();
                }
            });
            return 0;
        });

        output.Table(["picture", "layer", ">error", ">cosine", ">steps"], lines);
        return run.End(
            $"{delivery.Stem}_inversions",
            new GridOptions { Columns = isStrip ? 1 : sheet.Columns, Background = sheet.Background, Padding = isStrip ? 0 : null },
            new JsonObject
            {
                ["verb"] = "invert",
                ["model"] = model.Name,
                ["recipe"] = Words.Of(options.Recipe),
                ["device"] = runtime.Device.ToString(),
                ["results"] = facts,
            });

        void Deliver(IReadOnlyList<Inverted> found, PictureRow picture)
        {
            // In a folder a picture of which something is missing would be taken for a finished one.
            var isWhole = found.Count == layers.Count * options.Restarts && found.All(f => f.IsDone);
            if (found.Count == 0 || (!isWhole && (delivery.Folder is not null || run.Results.Count > 0))) return;
            foreach (var f in found) Finite.Checked(f.Input, "the picture found", model.Name);
            var strip = new InversionStrip(picture.Name, picture.Shown, names, found, options);
            lines.AddRange(found.Select(f => new[] { strip.Picture, names[f.Layer], InversionStrip.Error(f.Error), $"{f.Cosine:0.0000}", $"{f.Steps}" }));
            foreach (var f in found) run.Results.AddRaw(() => f.Input);
            if (Json) foreach (var f in found) facts.Add(Facts(strip, f));
            if (isStrip) run.Add(picture, Strip(strip, picture, delivery, sheet));
            else foreach (var f in found) run.Add(picture, Single(strip, f, picture, delivery));
        }
    }

    private static PictureResult Strip(InversionStrip s, PictureRow picture, Delivery delivery, SheetOptions sheet) => new(
        $"{delivery.Stem}_{picture.Stem}_inverted", "", () => s.Draw(sheet), new JsonObject { ["picture"] = s.Picture, ["layers"] = Facts([s]) });

    private static PictureResult Single(InversionStrip s, Inverted f, PictureRow picture, Delivery delivery) =>
        new(
            $"{delivery.Stem}_{picture.Stem}_{s.Layers[f.Layer]}_inverted{(s.Options.Restarts > 1 ? $"_{f.Restart}" : "")}",
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

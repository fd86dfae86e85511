using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Invert;
using OnnxViz.Models;

namespace OnnxViz.Cli.Verbs.Invert;

[Verb("invert", HelpText = "Find a picture from its code: what a layer has kept of it.")]
internal sealed class InvertVerb : InvertOptions
{
    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What is left of a cat, layer by layer", new InvertVerb { Image = ["cat.png"], Layer = ["conv3_1,conv4_1,conv5_1"], Out = "left.png" }),
        Manual.Example("What one layer makes of it, exaggerated", new InvertVerb { Image = ["cat.png"], Layer = ["conv4_1"], Recipe = "caricature" }),
        Manual.Example(
            "Plain gradient descent on the distance",
            new InvertVerb { Model = "net.onnx", Image = ["cat.png"], Layer = ["features.14"], Recipe = "plain", Steps = 100, Raw = "input.npy" }),
    ];

    public override int Run(Output output)
    {
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        var background = Choice.Of("--background", Background, ("white", GridBackground.White), ("black", GridBackground.Black));
        var isStrip = Choice.Of("--display", Display, ("strip", true), ("picture", false));
        if (!Layer.Any()) throw OnnxVizException.Usage("Which layer's code is to be inverted? --layer conv3_1, or several: --layer conv3_1,conv4_1.");
        Delivery.CheckRaw(Raw);
        var options = InversionFlags.Parse(this);

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var names = LayerNames.Of(Layer, model);
        var layers = names.Select(model.Layers.Find).ToList();
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        var init = MaximizationFlags.IsFile(Init) ? [InputFile.Of(Init)] : Array.Empty<InputFile>();
        var delivery = new Delivery(this, model, runtime, output) { Inputs = [.. batch.Files, .. init] };
        delivery.CheckPlaces();
        delivery.Resolved["layer"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
        delivery.Resolved["init"] = init.Length > 0 ? Path.GetFileName(Init) : Init;

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
            var grid = new GridOptions { Columns = Columns, Background = background };
            delivery.Write(
                () => Tensors.Stack([.. found.Select(f => f.Input)]),
                () => isStrip ? strips.ConvertAll(s => Strip(s, delivery, grid)) : [.. strips.SelectMany(s => s.Found.Select(f => Single(s, f, delivery)))],
                $"{delivery.Stem}_inversions",
                isStrip ? grid with { Columns = 1, Padding = 0 } : grid,
                new JsonObject
                {
                    ["verb"] = "invert",
                    ["model"] = model.Name,
                    ["recipe"] = Recipe,
                    ["device"] = runtime.Device.ToString(),
                    ["results"] = new JsonArray([.. strips.SelectMany(s => s.Found.Select(f => s.Facts(f)))]),
                });
        }

        // What was found until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private static PictureResult Strip(InversionStrip s, Delivery delivery, GridOptions grid) =>
        new($"{delivery.Stem}_{Path.GetFileNameWithoutExtension(s.Picture)}_inverted", "", s.Draw(grid), new JsonObject { ["picture"] = s.Picture, ["layers"] = s.Facts() });

    private static PictureResult Single(InversionStrip s, Inverted f, Delivery delivery) =>
        new(
            $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(s.Picture)}_{s.Layers[f.Layer]}_inverted{(s.Options.Restarts > 1 ? $"_{f.Restart}" : "")}",
            $"{s.Picture}: {s.Label(f)}", f.Picture, s.Facts(f));
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Models;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

[Verb("saliency", HelpText = "Show which parts of a picture an answer depends on.")]
internal class SaliencyVerb : SaliencyArguments
{
    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Why is this a cat?", new SaliencyVerb { Image = ["cat.png"], Out = "why.png" }),
        Manual.Example("Where is it, by four methods on one sheet", new SaliencyVerb { Image = ["cat.png", "dog.png"], Methods = "gradient,guided,grad-cam,occlusion" }),
        Manual.Example("What looks like an Egyptian cat and not like a lynx, by Grad-CAM", new SaliencyVerb { Image = ["cat.png"], Class = "Egyptian cat", Minus = "lynx", Method = "grad-cam" }),
        Manual.Example("The raw gradient of a unit", new SaliencyVerb { Model = "vgg16-body", Image = ["cat.png"], Layer = "pool5", Unit = "25", Raw = "gradient.npy" }),
    ];

    protected override string DefaultModel => ExplainsUnits ? "vgg16-body" : "efficientnet-lite0";

    public override bool UsesGradients => true;

    public override int Run(Output output)
    {
        var methods = MethodChoice.Parse(Method, Methods);
        var display = Choice.Of(
            "--display", Display, ("sheet", SaliencyDisplay.Sheet), ("absolute", SaliencyDisplay.Absolute), ("signed", SaliencyDisplay.Signed),
            ("color", SaliencyDisplay.Color), ("overlay", SaliencyDisplay.Overlay), ("blend", SaliencyDisplay.Blend));
        SaliencyFlags.Check(this, methods);
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        var options = SaliencyFlags.Parse(this, model, batch.Input.Dims);
        var targets = SaliencyTargets.Parse(this, model, batch.Input.Dims);
        var delivery = new Delivery(this, model, runtime, output)
        {
            Inputs = SaliencyFlags.IsFile(Baseline) ? [.. batch.Files, InputFile.Of(Baseline!)] : batch.Files,
        };
        delivery.CheckPlaces();
        var explained = new SaliencyRun(model, batch, targets, methods, options, runtime).Run(output);
        SaliencyFlags.Resolve(delivery.Resolved, this, options, methods);
        var option = Class is not null ? "class" : TargetUnit is not null ? "target-unit" : Unit is not null ? "unit" : null;
        if (option is not null) delivery.Resolved[option] = new JsonArray([.. explained.Select(e => (JsonNode)e[0].Unit).DistinctBy(n => n.GetValue<long>())]);

        Tell(output, explained);
        var drawing = new SaliencyPicture(model.Conventions, display, Percentile, Colormap);
        var suffix = methods.Count == 1 ? methods[0].Word : "methods";
        delivery.Write(
            () => Tensors.Stack([.. explained.Select(e => e[0].Attribution)]),
            () => explained.ConvertAll(e => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(e[0].Picture)}_{e[0].Subject}_{suffix}",
                drawing.IsSheet(e) ? "" : $"{e[0].Picture}: {e[0].Subject}",
                drawing.Draw(e, mayWrap: explained.Count == 1),
                Facts(e))),
            $"{delivery.Stem}_{suffix}",
            explained.TrueForAll(drawing.IsSheet) ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "saliency",
                ["model"] = model.Name,
                ["method"] = string.Join(',', methods.Select(m => m.Word)),
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. explained.SelectMany(e => e).Select(e => e.Facts())]),
            });

        // What was finished until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private static JsonObject Facts(List<Explained> methods) => methods is [var only]
        ? only.Facts()
        : new JsonObject { ["methods"] = new JsonArray([.. methods.Select(m => m.Facts())]) };

    private void Tell(Output output, List<List<Explained>> explained)
    {
        List<string> columns = ["picture", ExplainsUnits ? "unit" : "class", ">score"];
        var paths = explained.Exists(e => e.Exists(m => m.Completeness is not null));
        if (paths) columns.AddRange([">baseline", ">residual"]);
        output.Table(columns, explained.Select(e =>
        {
            List<string> cells = [e[0].Picture, e[0].Subject, Digits.Text(e[0].Score)];
            if (e.Find(m => m.Completeness is not null)?.Completeness is var (baseline, residual)) cells.AddRange([Digits.Text(baseline), Digits.Text(residual)]);
            return cells;
        }));
        foreach (var nothing in explained.SelectMany(e => e).Where(e => !e.Attribution.As<float>().ContainsAnyExcept(0f)))
            output.Note($"The {nothing.Method.Word} of {nothing.Subject} on {nothing.Picture} is zero everywhere{(nothing.Method.IsLayerMap ? $": nothing in {nothing.Layer} speaks for it" : "")}.");
    }
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Options;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

[Verb("saliency", HelpText = "Show which parts of a picture an answer depends on.")]
internal class SaliencyVerb : SaliencyArguments
{
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Why is this a cat?", new SaliencyVerb { Image = ["cat.png"], Out = "why.png" }),
        Manual.Example("Where is it, by four methods on one sheet", new SaliencyVerb { Image = ["cat.png", "dog.png"], Methods = "gradient,guided,grad-cam,occlusion" }),
        Manual.Example("What looks like an Egyptian cat and not like a lynx, by Grad-CAM", new SaliencyVerb { Image = ["cat.png"], Class = "Egyptian cat", Minus = "lynx", Method = "grad-cam" }),
        Manual.Example("The second of eight parts of a folder of pictures", new SaliencyVerb { Image = ["photos/"], Method = "grad-cam", Out = "parts/" }.With(("shard", "2/8"))),
        Manual.Example("The raw gradient of a unit", new SaliencyVerb { Model = "vgg16-body", Image = ["cat.png"], Layer = "pool5", Unit = "25", Raw = "gradient.npy" }),
    ];

    public static IEnumerable<BoundOption> Bound => SaliencyFlags.Bound.Concat(Sharding.Bound);

    public static IEnumerable<string> Notes => SaliencyFlags.Listed;

    protected override string DefaultModel => ExplainsUnits ? "vgg16-body" : "efficientnet-lite0";

    public override bool UsesGradients => true;

    protected override bool TakesSeveralDevices => true;

    protected override bool TakesRows => true;

    public override int Run(Output output)
    {
        var methods = SaliencyFlags.Methods(this);
        var drawing = this.Onto(new SaliencyDrawing());
        SaliencyFlags.Check(this, methods);
        Delivery.CheckRaw(Raw);
        var shard = this.PartOf();
        var folder = shard is null ? null : Sharding.FolderOf(this);
        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var source = new SaliencySource(this, model, output.Cancellation);
        OtherInputs.CheckRows(model, source.Count);
        foreach (var method in methods) method.Check(model, source.InputDims);
        var targets = SaliencyTargets.Parse(this, model, source.InputDims);
        var delivery = new Delivery(this, model, runtime, output, drawsPictures: shard is null)
        {
            Inputs = [.. source.Files, .. methods.SelectMany(OptionTable.Files).Distinct().Select(InputFile.Of)],
        };
        if (shard is null) delivery.CheckPlaces();
        foreach (var (name, value) in methods.Select(OptionTable.ToJson).Append(OptionTable.ToJson(drawing)).SelectMany(json => json)) delivery.Resolved[name] = value;
        var run = new SaliencyRun(model, source, targets, methods, runtime);
        JsonObject Command() => PartWork.CommandOf(this, Manifest.Of(this, model, runtime, delivery.Inputs, delivery.Resolved), ("fingerprint", source.Fingerprint));
        Joined?.Check(Command());
        if (shard is { } part)
            return new PartWork(this, folder!, part, Command(), run.Cut, runtime, output).Run($"Explaining, part {part}", (piece, report) => run.Explain(piece, report, output.Cancellation).Pack());

        var rows = Joined is { } parts ? new SaliencyRows(parts, piece => SaliencyPiece.Unpack(piece, methods, model.Conventions)) : run.All(output);
        Sharding.Told(this, runtime, output);
        var explained = rows.Heads;
        if (explained.Count == 0) throw OnnxVizException.Input($"None of the {source.Count} pictures could be read; the first: {rows.Skipped[0]}");
        if (rows.Files.OfType<InputFile>().ToList() is { Count: > 0 } files) delivery.Inputs = [.. files.DistinctBy(f => f.Name), .. delivery.Inputs];
        var option = Class is not null ? "class" : TargetUnit is not null ? "target-unit" : Unit is not null ? "unit" : null;
        if (option is not null) delivery.Resolved[option] = new JsonArray([.. explained.Select(e => (JsonNode)e[0].Unit).DistinctBy(n => n.GetValue<long>())]);

        Tell(output, rows);
        var suffix = methods.Count == 1 ? methods[0].Word : "methods";
        delivery.Write(
            () => Tensors.Stack([.. explained.Select((_, i) => rows.Load(i)[0].Attribution)]),
            () => [.. explained.Select((e, i) => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(e[0].Picture)}_{e[0].Subject}_{suffix}",
                drawing.IsSheet(e) ? "" : $"{e[0].Picture}: {e[0].Subject}",
                () => drawing.Draw(rows.Load(i), mayWrap: explained.Count == 1),
                Facts(e)) { Input = rows.Files[i] })],
            $"{delivery.Stem}_{suffix}",
            explained.TrueForAll(drawing.IsSheet) ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "saliency",
                ["model"] = model.Name,
                ["method"] = string.Join(',', methods.Select(m => m.Word)),
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. explained.SelectMany(e => e).Select(Facts)]),
            });

        // What was finished until Ctrl-C is kept; the exit code still says that it is not all.
        output.Cancellation.ThrowIfCancellationRequested();
        return 0;
    }

    private static JsonObject Facts(List<Explained> methods) => methods is [var only]
        ? Facts(only)
        : new JsonObject { ["methods"] = new JsonArray([.. methods.Select(Facts)]) };

    private static JsonObject Facts(Explained e)
    {
        var facts = new JsonObject { ["picture"] = e.Picture, ["subject"] = e.Subject, ["unit"] = e.Unit, ["score"] = e.Score, ["method"] = e.Method.Word };
        if (e.Layer is not null) facts["layer"] = e.Layer;
        if (e.Completeness is not var (baseline, residual)) return facts;
        facts["baseline_score"] = baseline;
        facts["completeness_residual"] = residual;
        return facts;
    }

    private void Tell(Output output, SaliencyRows rows)
    {
        var explained = rows.Heads;
        List<string> columns = ["picture", ExplainsUnits ? "unit" : "class", ">score"];
        var paths = explained.Exists(e => e.Exists(m => m.Completeness is not null));
        if (paths) columns.AddRange([">baseline", ">residual"]);
        output.Table(columns, explained.Select(e =>
        {
            List<string> cells = [e[0].Picture, e[0].Subject, Digits.Text(e[0].Score)];
            if (e.Find(m => m.Completeness is not null)?.Completeness is var (baseline, residual)) cells.AddRange([Digits.Text(baseline), Digits.Text(residual)]);
            return cells;
        }));
        foreach (var note in rows.Notes) output.Note(note);
        if (rows.Skipped is [var first, ..]) output.Note($"{rows.Skipped.Count} pictures could not be read and were skipped; the first: {first}");
    }
}

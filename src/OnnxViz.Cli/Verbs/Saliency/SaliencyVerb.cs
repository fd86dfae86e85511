using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Detect;
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
        Manual.Example("Why a detector sees its surest box", new SaliencyVerb { Model = "yolov8n.onnx", Image = ["street.jpg"], Score = "box:0", Out = "box.png" }),
        Manual.Example("The raw gradient of a unit", new SaliencyVerb { Model = "vgg16-body", Image = ["cat.png"], Layer = "pool5", Unit = "25", Raw = "gradient.npy" }),
    ];

    public static IEnumerable<BoundOption> Bound => SaliencyFlags.Bound.Concat(Binding.Of(new DetectOptions())).Concat(ClassName.Bound).Concat(Sharding.Bound);

    public static IEnumerable<string> Notes => SaliencyFlags.Listed;

    protected override string DefaultModel => ExplainsUnits ? "vgg16-body" : "efficientnet-lite0";

    public override bool UsesGradients => true;

    protected override bool TakesSeveralDevices => true;

    /// <summary>The option that names what is explained, and means something else for each result; null where each picture's highest class is explained unasked.</summary>
    public string? Explained => BoxTarget.IsAskedBy(Score) ? "score" : Class is not null ? "class" : TargetUnit is not null ? "target-unit" : Unit is not null ? "unit" : null;

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
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        OtherInputs.CheckRows(model, pictures.Count);
        foreach (var method in methods) method.Check(model, pictures.InputDims);
        var targets = SaliencyTargets.Parse(this, model, pictures.InputDims);
        using var detector = targets.Detector;
        if (detector is not null) output.Note($"{detector.Description}; {targets.BoxesText} explained.");
        var features = ExplainsUnits || targets.Detector is not null ? null : ClassName.TellUnits(model, "each picture's strongest is explained", output);
        var delivery = new Delivery(this, model, runtime, output, drawsPictures: shard is null)
        {
            Inputs = [.. methods.SelectMany(OptionTable.Files).Distinct().Select(InputFile.Of)],
        };
        if (shard is null) delivery.CheckPlaces();
        foreach (var (name, value) in methods.Select(OptionTable.ToJson).Append(OptionTable.ToJson(drawing)).SelectMany(json => json)) delivery.Resolved[name] = value;
        var work = new SaliencyRun(targets.Model, pictures, targets, methods, runtime);
        JsonObject Command() => PartWork.CommandOf(
            this, delivery.ManifestOf(pictures.Fingerprint is null ? Enumerable.Range(0, pictures.Count).Select(pictures.FileOf).Distinct() : []), ("fingerprint", pictures.Fingerprint));
        Joined?.Check(Command());
        if (shard is { } part)
            return new PartWork(this, folder!, part, Command(), work.Cut, runtime, output).Run($"Explaining, part {part}", (piece, report) => work.Explain(piece, report, output.Cancellation).Pack());

        using var run = new PictureRun(this, pictures, delivery, output, Explained);
        run.Results.Expect((long)pictures.Count * targets.Targets.Count);
        var results = new SaliencyResults(this, run, pictures, delivery.Stem, drawing, methods, targets.Targets.Count) { OfUnits = features is not null };
        if (Joined is { } parts)
        {
            foreach (var piece in parts.Pieces()) results.Add(SaliencyPiece.Unpack(piece, methods, model.Conventions));
            Sharding.Told(this, runtime, output);
        }
        else
        {
            var left = targets.Targets.Select(t => run.Left(1, results.Counts(t, targets.Targets))).ToList();
            run.TellFinished();
            run.Loop.Guarded(() => work.All(left, (_, piece) => results.Add(piece), output));
        }

        results.Tell(output);
        var found = new JsonObject
        {
            ["verb"] = "saliency",
            ["model"] = model.Name,
            ["method"] = string.Join(',', methods.Select(m => m.Word)),
            ["device"] = runtime.Device.ToString(),
        };
        if (targets.Detector is { } known) found["detector"] = known.Description;
        found["results"] = results.Facts;
        if (Explained is { } option) delivery.Resolved[option] = results.Units;
        return run.End(
            $"{delivery.Stem}_{results.Suffix}",
            results.Grid,
            found);
    }
}

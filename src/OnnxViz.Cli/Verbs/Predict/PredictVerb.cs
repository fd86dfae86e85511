using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Detect;
using OnnxViz.Features;
using OnnxViz.Onnx;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Predict;

[Verb("predict", HelpText = "Say what a classifier sees in pictures.")]
internal class PredictVerb : PictureOptions
{
    public static IEnumerable<BoundOption> Bound => ClassName.Bound;

    [NotInManifest]
    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the float32 scores of all pictures, [N,K].")]
    public string? Raw { get; set; }

    [Option("top", Default = 5, MetaValue = "K", HelpText = "How many classes of each picture, or boxes of a detector.")]
    public int Top { get; set; } = 5;

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What the carried classifier sees", new PredictVerb { Image = ["cat.png", "rocket.jpg"] }),
        Manual.Example("Scores for another program", new PredictVerb { Model = "net.onnx", InputTensor = "batch.npy", Raw = "scores.npy" }),
    ];

    protected override string DefaultModel => "efficientnet-lite0";

    protected override bool TakesRows => true;

    public override int Run(Output output)
    {
        if (Top < 1) throw OnnxVizException.Usage($"--top {Top}: a number from 1 on is needed, of classes for each picture.");
        Delivery.CheckRaw(Raw);
        var runtime = Runtime();
        using var model = LoadModel(output);
        using var detector = Detector.InPlaceOfClasses(model);
        if (detector is not null) return List(detector, detector.Named, runtime, output);
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        using var raw = Raw is null ? null : new NpyWriter(Raw);
        if (Raw is not null) OutputFile.Probe(Raw);
        OtherInputs.CheckRows(model, pictures.Count);
        var features = ClassName.TellUnits(model, "the strongest are listed", output);
        var loop = new PictureLoop(pictures, output);
        var (lines, answers, done) = (new List<string[]>(), new JsonArray(), 0);
        ProbabilityKind? kind = null;
        using var classifier = new Classification(runtime);
        loop.Over($"Looking at {pictures.Text}", [.. Enumerable.Range(0, pictures.Count)], PictureStream.LargestChunk, (chunk, _) =>
        {
            var scores = Finite.Checked(classifier.Scores(model.OfRow(chunk.Rows[0].Index), chunk.Input!, output.Cancellation), "the scores", model.Name);
            raw?.Append(scores);
            kind ??= Probabilities.Of(model, ClassOutput.Of(model), scores);
            foreach (var (i, picture) in chunk.Rows.Index())
            {
                var top = Classification.Top(Tensors.Row(scores, i), Top, kind.Value);
                done++;
                if (Json) answers.Add(new JsonObject { ["picture"] = picture.Name, ["classes"] = new JsonArray([.. top.Select(p => ToJson(model, p))]) });
                else lines.AddRange(top.Select((p, rank) => Cells(model, p, rank == 0 ? picture.Name : "")));
            }
        });

        var result = new JsonObject { ["verb"] = "predict", ["model"] = model.Name, ["device"] = runtime.Device.ToString() };
        if (kind is { } known) result["probability_kind"] = Word(known);
        result["has_classes"] = features is null;
        result["pictures"] = answers;
        loop.Tell(done, result);
        output.Table(features is null ? Columns(kind ?? ProbabilityKind.None) : ["picture", "unit", ">number", ">score"], lines);
        if (raw?.Finish() == true)
        {
            output.Say($"Wrote {Raw}");
            result["raw"] = Raw;
        }

        output.Object(result);
        return loop.End();
    }

    /// <summary>A detector's boxes instead of classes.</summary>
    private int List(Detector detector, VisionModel model, RuntimeOptions runtime, Output output)
    {
        if (Raw is not null) throw OnnxVizException.Usage($"--raw holds scores of classes, and {model.Name} is a detector: --json prints its boxes.");
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        OtherInputs.CheckRows(model, pictures.Count);
        output.Note($"{detector.Description}; the {Top} of the highest score are listed. Pixels are those of the {model.Conventions.Width}x{model.Conventions.Height} picture that the model sees.");
        var loop = new PictureLoop(pictures, output);
        var (lines, answers, done) = (new List<string[]>(), new JsonArray(), 0);
        loop.Over($"Looking at {pictures.Text}", [.. Enumerable.Range(0, pictures.Count)], 1, (chunk, _) =>
        {
            var boxes = detector.Boxes(chunk.Input!, new DetectOptions { Most = Top }, runtime: runtime, token: output.Cancellation);
            if (Json) answers.Add(new JsonObject { ["picture"] = chunk.Rows[0].Name, ["boxes"] = BoxLines.ToJson(model, boxes) });
            else lines.AddRange(BoxLines.Lines(model, boxes, chunk.Rows[0].Name));
            done++;
        });

        var result = new JsonObject { ["verb"] = "predict", ["model"] = model.Name, ["device"] = runtime.Device.ToString(), ["detector"] = detector.Description, ["pictures"] = answers };
        loop.Tell(done, result);
        output.Table(BoxLines.Columns, lines);
        output.Object(result);
        return loop.End();
    }

    /// <summary>A network's own probabilities are its scores: they stand there once.</summary>
    private static string[] Columns(ProbabilityKind kind) => kind switch
    {
        ProbabilityKind.None => ["picture", "class", ">number", ">score"],
        ProbabilityKind.Softmax => ["picture", ">probability", "class", ">number", ">score"],
        _ => ["picture", ">probability", "class", ">number"],
    };

    private static string[] Cells(VisionModel model, Prediction p, string picture)
    {
        string[] found = [ClassName.Of(model, p.Class), $"{p.Class}"];
        return p.Kind switch
        {
            ProbabilityKind.None => [picture, .. found, Digits.Text(p.Score, 3)],
            ProbabilityKind.Softmax => [picture, $"{p.Probability:0.000}", .. found, Digits.Text(p.Score, 3)],
            _ => [picture, $"{p.Probability:0.000}", .. found],
        };
    }

    private static string Word(ProbabilityKind kind) => kind switch
    {
        ProbabilityKind.None => "none",
        ProbabilityKind.Softmax => "softmax",
        ProbabilityKind.Sigmoid => "sigmoid",
        _ => "network",
    };

    private static JsonObject ToJson(VisionModel model, Prediction prediction)
    {
        var found = new JsonObject { ["id"] = prediction.Class, ["name"] = ClassName.Of(model, prediction.Class) };
        if (prediction.Probability is { } probability) found["probability"] = probability;
        found["score"] = prediction.Score;
        return found;
    }
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Features;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Predict;

[Verb("predict", HelpText = "Say what a classifier sees in pictures.")]
internal class PredictVerb : PictureOptions
{
    [Option("top", Default = 5, MetaValue = "K", HelpText = "How many classes of each picture.")]
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
        if (Top < 1) throw OnnxVizException.Usage($"--top {Top}: at least one class has to be asked for.");
        if (Out is not null) throw OnnxVizException.Usage("-o: predict makes no picture; --raw FILE.npy writes the scores, --json prints them.");
        Delivery.CheckRaw(Raw);
        var runtime = Runtime();
        using var model = LoadModel(output);
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        OtherInputs.CheckRows(model, batch.Count);
        var scores = Tensors.Stack([.. batch.Chunks(output.Cancellation, model.GivenRows > 1 ? 1 : PictureBatch.LargestChunk)
            .Select((rows, i) => Classification.Scores(model.OfRow(i), rows, runtime, output.Cancellation))]);
        Finite.Checked(scores, "the scores", model.Name);
        if (Raw is not null) Delivery.WriteRaw(Raw, scores);

        var kind = Probabilities.Of(model, ClassOutput.Of(model), scores);
        var pictures = new JsonArray();
        var lines = new List<string[]>();
        for (var i = 0; i < batch.Count; i++)
        {
            var top = Classification.Top(Tensors.Row(scores, i), Top, kind);
            pictures.Add(new JsonObject
            {
                ["picture"] = batch.Names[i],
                ["classes"] = new JsonArray([.. top.Select(p => ToJson(model, p))]),
            });
            lines.AddRange(top.Select((p, rank) => Cells(model, p, rank == 0 ? batch.Names[i] : "")));
        }

        output.Table(Columns(kind), lines);
        if (Raw is not null) output.Say($"Wrote {Raw}");
        var result = new JsonObject { ["verb"] = "predict", ["model"] = model.Name, ["device"] = runtime.Device.ToString(), ["probability_kind"] = Word(kind), ["pictures"] = pictures };
        if (Raw is not null) result["raw"] = Raw;
        output.Object(result);
        return 0;
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

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Features;
using OnnxViz.Onnx;
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

    public override int Run(Output output)
    {
        if (Top < 1) throw OnnxVizException.Usage($"--top {Top}: at least one class has to be asked for.");
        if (Out is not null) throw OnnxVizException.Usage("-o: predict makes no picture; --raw FILE.npy writes the scores, --json prints them.");
        Delivery.CheckRaw(Raw);
        var runtime = Runtime();
        using var model = LoadModel(output);
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        using var raw = Raw is null ? null : new NpyWriter(Raw);
        if (Raw is not null) OutputFile.Probe(Raw);
        var loop = new PictureLoop(pictures, output);
        var (lines, answers, done) = (new List<string[]>(), new JsonArray(), 0);
        loop.Over($"Looking at {pictures.Text}", [.. Enumerable.Range(0, pictures.Count)], PictureStream.LargestChunk, (chunk, _) =>
        {
            var scores = Finite.Checked(Classification.Scores(model, chunk.Input!, runtime, output.Cancellation), "the scores", model.Name);
            raw?.Append(scores);
            foreach (var (i, picture) in chunk.Rows.Index())
            {
                var top = Classification.Top(Tensors.Row(scores, i), Top);
                done++;
                if (Json) answers.Add(new JsonObject { ["picture"] = picture.Name, ["classes"] = new JsonArray([.. top.Select(p => ToJson(model, p))]) });
                else lines.AddRange(top.Select((p, rank) => new[]
                {
                    rank == 0 ? picture.Name : "", $"{p.Probability:0.000}", ClassName.Of(model, p.Class), $"{p.Class}", Digits.Text(p.Score, 3),
                }));
            }
        });

        var result = new JsonObject { ["verb"] = "predict", ["model"] = model.Name, ["device"] = runtime.Device.ToString(), ["pictures"] = answers };
        loop.Tell(done, result);
        output.Table(["picture", ">probability", "class", ">number", ">score"], lines);
        if (raw?.Finish() == true)
        {
            output.Say($"Wrote {Raw}");
            result["raw"] = Raw;
        }

        output.Object(result);
        return loop.End();
    }

    private static JsonObject ToJson(VisionModel model, Prediction prediction) => new()
    {
        ["id"] = prediction.Class,
        ["name"] = ClassName.Of(model, prediction.Class),
        ["probability"] = prediction.Probability,
        ["score"] = prediction.Score,
    };
}

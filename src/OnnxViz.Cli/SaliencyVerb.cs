using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Parsing;
using OnnxViz.Cli.Results;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Runtime;
using OnnxViz.Visualize;

namespace OnnxViz.Cli;

[Verb("saliency", HelpText = "Show which parts of a picture an answer depends on.")]
internal sealed class SaliencyVerb : PictureOptions
{
    private const string Methods = "gradient|input-x-gradient|guided|deconv";

    [Option("method", Default = "gradient", MetaValue = Methods, HelpText = "How the answer is traced back.")]
    public string Method { get; set; } = "gradient";

    [Option("class", MetaValue = "ID|NAME|top", HelpText = "The class to explain; by default each picture's highest one.")]
    public string? Class { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "Explain units of this layer instead of a class.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9.")]
    public string? Unit { get; set; }

    [Option("score", Default = "mean", MetaValue = "mean|center|max", HelpText = "How the map of a unit becomes the number that is explained.")]
    public string Score { get; set; } = "mean";

    [Option("display", Default = "sheet", MetaValue = "sheet|absolute|signed|color|overlay", HelpText = "What is drawn: a sheet shows the picture, the map and an overlay.")]
    public string Display { get; set; } = "sheet";

    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Why is this a cat?", new SaliencyVerb { Image = ["cat.png"], Out = "why.png" }),
        Manual.Example("What looks like an Egyptian cat, by guided backpropagation", new SaliencyVerb { Image = ["cat.png"], Class = "Egyptian cat", Method = "guided" }),
        Manual.Example("The raw gradient of a unit", new SaliencyVerb { Model = "vgg16-body", Image = ["cat.png"], Layer = "pool5", Unit = "25", Raw = "gradient.npy" }),
    ];

    /// <summary>A class is asked for unless a layer is named.</summary>
    protected override string DefaultModel => Layer is null ? "efficientnet-lite0" : "vgg16-body";

    public override int Run(Output output)
    {
        var method = Choice.Of(
            "--method", Method, ("gradient", SaliencyMethod.Gradient), ("input-x-gradient", SaliencyMethod.InputXGradient),
            ("guided", SaliencyMethod.Guided), ("deconv", SaliencyMethod.Deconv));
        var objective = Choice.Of("--score", Score, ("mean", Objective.Mean), ("center", Objective.Center), ("max", Objective.Max));
        var display = Choice.Of(
            "--display", Display, ("sheet", SaliencyDisplay.Sheet), ("absolute", SaliencyDisplay.Absolute), ("signed", SaliencyDisplay.Signed),
            ("color", SaliencyDisplay.Color), ("overlay", SaliencyDisplay.Overlay));
        if (Class is not null && Layer is not null) throw OnnxVizException.Usage("--class and --layer do not go together: one of them says what is explained.");
        if (Layer is null != Unit is null) throw OnnxVizException.Usage("--layer and --unit belong together: --layer conv5_3 --unit 25.");
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        var model = LoadModel(output, Prepared);
        var batch = PictureBatch.Load(this, model);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = batch.Files };
        var explained = Explain(model, batch, Explanations(model, batch, objective), method, runtime, output);
        if (Class is not null) delivery.Resolved["class"] = new JsonArray([.. explained.Select(e => (JsonNode)e.Unit).DistinctBy(n => n.GetValue<long>())]);
        if (Unit is not null) delivery.Resolved["unit"] = new JsonArray([.. explained.Select(e => (JsonNode)e.Unit).DistinctBy(n => n.GetValue<long>())]);

        output.Table(["picture", Layer is null ? "class" : "unit", ">score"], explained.Select(e => new[] { e.Picture, e.Subject, $"{e.Score:0.0000}" }));
        delivery.Write(
            () => Tensors.Stack([.. explained.Select(e => e.Attribution)]),
            () => explained.ConvertAll(e => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(e.Picture)}_{e.Subject}_{Method}",
                display == SaliencyDisplay.Sheet ? "" : $"{e.Picture}: {e.Subject}",
                SaliencyPicture.Draw(e, model.Conventions, method, display),
                e.Facts())),
            $"{delivery.Stem}_{Method}",
            display == SaliencyDisplay.Sheet ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "saliency",
                ["model"] = model.Name,
                ["method"] = Method,
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. explained.Select(e => e.Facts())]),
            });
        return 0;
    }

    private List<Explanation> Explanations(VisionModel model, PictureBatch batch, Objective objective)
    {
        if (Layer is null) return [Explanation.OfClass(model, Class is null ? null : ClassName.Resolve(Class, model))];
        var layer = model.Layers.Find(Layer);
        var dims = LayerShape.Of(model, layer, batch.Input.Dims);
        return [.. UnitList.Parse(Unit!, dims[1], Layer, Seed).Select(unit => new Explanation(layer, unit, objective))];
    }

    private List<Explained> Explain(
        VisionModel model, PictureBatch batch, List<Explanation> explanations, SaliencyMethod method, RuntimeOptions runtime, Output output)
    {
        var results = new List<Explained>();
        foreach (var explanation in explanations)
        {
            var row = 0;
            foreach (var rows in batch.Chunks(output.Cancellation))
            {
                var result = Saliency.Explain(model, rows, explanation, method, runtime);
                Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
                Finite.Checked(result.Attribution, $"the {Method} attribution", model.Name);
                for (var i = 0; i < result.Units.Length; i++, row++)
                {
                    var subject = Layer is null ? ClassName.Of(model, result.Units[i]) : $"{Layer} {result.Units[i]}";
                    results.Add(new Explained(
                        batch.Names[row], batch.Shown(row, model), subject, result.Units[i], result.Scores[i], Tensors.Rows(result.Attribution, i, 1)));
                }
            }
        }

        return results;
    }
}

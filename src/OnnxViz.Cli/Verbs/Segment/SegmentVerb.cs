using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Graphs;
using OnnxViz.Imaging.Segmentation;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Segment;

namespace OnnxViz.Cli.Verbs.Segment;

[Verb("segment", HelpText = "Cut the object of a class out of a picture, from nothing but its saliency.")]
internal class SegmentVerb : PictureOptions
{
    [Option("class", Default = "top", MetaValue = "ID|NAME|top", HelpText = "Whose object; by default that of each picture's highest class.")]
    public string Class { get; set; } = "top";

    [Option("method", Default = "guided", MetaValue = "METHOD", HelpText = "How the saliency is found: any method of `onnxviz saliency`, with its defaults.")]
    public string Method { get; set; } = "guided";

    [Option("foreground", Default = 95.0, MetaValue = "PERCENT", HelpText = "Pixels above this percentile of the saliency give the object's colours.")]
    public double Foreground { get; set; } = 95;

    [Option("background", Default = 30.0, MetaValue = "PERCENT", HelpText = "Pixels below this percentile give the colours of what is around it.")]
    public double Background { get; set; } = 30;

    [Option("blur", Default = 4.0, MetaValue = "PIXELS", HelpText = "Gaussian blur of the saliency before the percentiles; 0 takes it as it is.")]
    public double Blur { get; set; } = 4;

    [Option("smoothness", Default = 50.0, MetaValue = "W", HelpText = "Cost of a border; more gives rounder objects.")]
    public double Smoothness { get; set; } = 50;

    [Option("display", Default = "sheet", MetaValue = "sheet|mask|cut-out|box", HelpText = "What is drawn: a sheet shows the picture with the box, the saliency, the mask and the cut-out.")]
    public string Display { get; set; } = "sheet";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Where is what the classifier saw?", new SegmentVerb { Image = ["cat.png"], Out = "cut.png" }),
        Manual.Example("The mask of a certain class, as numbers", new SegmentVerb { Image = ["cat.png"], Class = "Egyptian cat", Raw = "mask.npy" }),
    ];

    protected override string DefaultModel => "efficientnet-lite0";

    public override bool UsesGradients => true;

    public override int Run(Output output)
    {
        var method = MethodChoice.Of(Method, "--method").Method;
        var display = Choice.Of(
            "--display", Display, ("sheet", SegmentDisplay.Sheet), ("mask", SegmentDisplay.Mask), ("cut-out", SegmentDisplay.CutOut), ("box", SegmentDisplay.Box));
        if (!(Background > 0 && Background <= Foreground && Foreground < 100))
            throw OnnxVizException.Usage($"--background {Background:0.##} --foreground {Foreground:0.##}: 0 < background <= foreground < 100 is needed.");
        if (Blur is not (>= 0 and <= 100)) throw OnnxVizException.Usage($"--blur {Blur:0.##}: 0 to 100 pixels are possible.");
        if (Smoothness is not (>= 0 and <= 1e6)) throw OnnxVizException.Usage($"--smoothness {Smoothness:0.##}: a number from 0 on is needed.");
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = batch.Files };
        delivery.CheckPlaces();
        var explanation = ScoreTarget.OfClass(model, ClassName.Resolve(Class, model));
        var options = new GraphCutOptions(Foreground, Background, Smoothness);
        var found = new List<Segmented>();
        output.WithProgress("Segmenting", report =>
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var share = (double)row / batch.Count;
                var saliency = SaliencyExplainer.Explain(
                    model, Tensors.Rows(batch.Input, row, 1), explanation, method, runtime, new SaliencyOptions { Seed = Seed },
                    new Relay<double>(done => report.Report((share + (done / batch.Count), batch.Names[row]))), output.Cancellation);
                Finite.Checked(saliency.Attribution, $"the {Method} attribution", model.Name);
                var picture = batch.Shown(row, model);
                var map = AttributionMap.OfPixels(saliency.Attribution, SaliencyExplainer.IsLayerMap(method), model.Conventions, picture.Width, picture.Height);
                found.Add(new Segmented(
                    batch.Names[row], picture, ClassName.Of(model, saliency.Units[0]), saliency.Units[0], saliency.Scores[0], map,
                    ObjectSegmentation.Of(picture, map, Blur, options, output.Cancellation)));
            }

            return found;
        });

        output.Table(["picture", "class", ">score", ">area", "box (x, y, width, height)"], found.Select(f => f.Row()));
        delivery.Write(
            () => Tensor.Of([.. found.SelectMany(f => f.Mask.Pixels.Select(p => p ? 1f : 0f))], found.Count, found[0].Mask.Height, found[0].Mask.Width),
            () => found.ConvertAll(f => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(f.Picture)}_{f.Subject}_segment",
                display == SegmentDisplay.Sheet ? "" : $"{f.Picture}: {f.Subject}", f.Draw(display), f.Facts())),
            $"{delivery.Stem}_segment",
            display == SegmentDisplay.Sheet ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "segment",
                ["model"] = model.Name,
                ["method"] = Method,
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. found.Select(f => f.Facts())]),
            });
        return 0;
    }
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Objectives;
using OnnxViz.Options;
using OnnxViz.Segment;
using OnnxViz.Views;
using OptionAttribute = CommandLine.OptionAttribute;

namespace OnnxViz.Cli.Verbs.Segment;

[Verb("segment", HelpText = "Cut the object of a class out of a picture, from nothing but its saliency.")]
internal class SegmentVerb : PictureOptions
{
    [Option("class", Default = "top", MetaValue = "ID|NAME|top", HelpText = "Whose object; by default that of each picture's highest class.")]
    public string Class { get; set; } = "top";

    [Option("display", Default = "sheet", MetaValue = "sheet|mask|cut-out|box", HelpText = "What is drawn: a sheet shows the picture with the box, the saliency, the mask and the cut-out.")]
    public string Display { get; set; } = "sheet";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    public static IEnumerable<BoundOption> Bound => Binding.Of(new SegmentOptions());

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Where is what the classifier saw?", new SegmentVerb { Image = ["cat.png"], Out = "cut.png" }),
        Manual.Example("The mask of a certain class, as numbers", new SegmentVerb { Image = ["cat.png"], Class = "Egyptian cat", Raw = "mask.npy" }),
    ];

    protected override string DefaultModel => "efficientnet-lite0";

    public override bool UsesGradients => true;

    public override int Run(Output output)
    {
        var display = (SegmentDisplay)Words.Parse(nameof(Display), typeof(SegmentDisplay), Display);
        var options = this.Onto(new SegmentOptions());
        options = options with { Method = options.Method with { Seed = Seed } };
        options.Check();
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = batch.Files };
        delivery.CheckPlaces();
        foreach (var (name, value) in OptionTable.ToJson(options)) delivery.Resolved[name] = value;
        var target = ScoreTarget.OfClass(model, ClassName.Resolve(Class, model));
        var found = new List<Segmented>();
        output.WithProgress("Segmenting", report =>
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var (share, picture) = ((double)row / batch.Count, batch.Shown(row, model));
                var progress = new Relay<double>(done => report.Report((share + (done / batch.Count), batch.Names[row])));
                var result = model.Segment(Tensors.Rows(batch.Input, row, 1), picture, options, target, runtime, progress, output.Cancellation);
                found.Add(new Segmented(batch.Names[row], picture, model.NameOfClass(result.Class), result));
            }

            return found;
        });

        output.Table(["picture", "class", ">score", ">area", "box (x, y, width, height)"], found.Select(Row));
        delivery.Write(
            () => Tensor.Of([.. found.SelectMany(f => f.Found.Mask.Pixels.Select(p => p ? 1f : 0f))], found.Count, found[0].Found.Mask.Height, found[0].Found.Mask.Width),
            () => found.ConvertAll(f => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(f.Picture)}_{f.Subject}_segment",
                display == SegmentDisplay.Sheet ? "" : $"{f.Picture}: {f.Subject}", f.Draw(display), Facts(f))),
            $"{delivery.Stem}_segment",
            display == SegmentDisplay.Sheet ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "segment",
                ["model"] = model.Name,
                ["method"] = options.Method.Word,
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. found.Select(Facts)]),
            });
        return 0;
    }

    private static string[] Row(Segmented s) =>
        [s.Picture, s.Subject, Digits.Text(s.Found.Score), $"{s.Found.Mask.Area:0.0%}", s.Found.Mask.Box is var (x, y, w, h) ? $"{x}, {y}, {w}, {h}" : "no object"];

    private static JsonObject Facts(Segmented s) => new()
    {
        ["picture"] = s.Picture,
        ["subject"] = s.Subject,
        ["unit"] = s.Found.Class,
        ["score"] = s.Found.Score,
        ["area"] = s.Found.Mask.Area,
        ["box"] = s.Found.Mask.Box is var (x, y, w, h) ? new JsonArray(x, y, w, h) : null,
    };
}

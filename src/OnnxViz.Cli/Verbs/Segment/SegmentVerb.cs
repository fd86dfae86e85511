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
internal class SegmentVerb : DrawnPictureOptions
{
    [Option("class", Default = "top", MetaValue = "ID|NAME|top", HelpText = "Whose object; by default that of each picture's highest class.")]
    public string Class { get; set; } = "top";

    [Option("display", Default = "sheet", MetaValue = "sheet|mask|cut-out|box", HelpText = "What is drawn: a sheet shows the picture with the box, the saliency, the mask and the cut-out.")]
    public string Display { get; set; } = "sheet";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    public static IEnumerable<BoundOption> Bound => Binding.Of(new SegmentOptions()).Concat(ClassName.Bound);

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
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output);
        delivery.CheckPlaces();
        foreach (var (name, value) in OptionTable.ToJson(options)) delivery.Resolved[name] = value;
        var features = ClassName.TellUnits(model, "the object of each picture's strongest is cut out", output);
        var target = ScoreTarget.OfClass(model, ClassName.Resolve(Class, model));
        using var run = new PictureRun(this, pictures, delivery, output);
        run.Results.Expect(pictures.Count);
        var left = run.Left(1);
        run.TellFinished();
        var (lines, facts) = (new List<string[]>(), new JsonArray());
        run.Loop.Over($"Segmenting {pictures.Text}", left, 1, (chunk, report) =>
        {
            var picture = chunk.Rows[0];
            var result = model.Segment(chunk.Input!, picture.Shown, options, target, runtime, new Relay<double>(report), output.Cancellation);
            var found = new Segmented(picture.Name, picture.Shown, model.NameOfClass(result.Class), result);
            lines.Add(Row(found));
            if (Json) facts.Add(Facts(found));
            run.Results.AddRaw(() => Tensor.Of(result.Mask.Pixels.Select(p => p ? 1f : 0f).ToArray(), 1, result.Mask.Height, result.Mask.Width));
            run.Add(picture, new PictureResult(
                $"{delivery.Stem}_{picture.Stem}_{found.Subject}_segment",
                display == SegmentDisplay.Sheet ? "" : $"{found.Picture}: {found.Subject}", () => found.Draw(display), Facts(found)));
        });

        output.Table(["picture", features is null ? "class" : "unit", ">score", ">area", "box (x, y, width, height)"], lines);
        return run.End(
            $"{delivery.Stem}_segment",
            display == SegmentDisplay.Sheet ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions(),
            new JsonObject
            {
                ["verb"] = "segment",
                ["model"] = model.Name,
                ["method"] = options.Method.Word,
                ["device"] = runtime.Device.ToString(),
                ["results"] = facts,
            });
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

using System.Globalization;
using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;
using OnnxViz.Saliency;

namespace OnnxViz.Cli.Verbs.Diff;

[Verb("diff", HelpText = "Compare two versions of a model: layers, units and answers that changed, saliency that moved, what units see now; exit code 4 beyond --tolerance. Two pictures are compared by `compare`.")]
internal class DiffVerb : RunOptions, IRandom
{
    /// <summary>Rows of tables.</summary>
    private const int Told = 12;

    public ulong Seed { get; set; }

    [Value(0, MetaName = "M1", HelpText = "A model: an .onnx file, a prepared folder, a model of a training run (run/@3), or the name of a known model.")]
    public string? First { get; set; }

    [Value(1, MetaName = "M2", HelpText = "Another version of it: quantised, fine-tuned, exported anew. Where nobody described it, it is shown pictures as the first is.")]
    public string? Second { get; set; }

    [NamesPictures]
    [Option('i', "image", MetaValue = "FILE...", HelpText = "Pictures that both are shown, folders of them, or patterns in quotes; by default those that the program carries.")]
    public IEnumerable<string> Image { get; set; } = [];

    [Option("layer", MetaValue = "LAYER...", HelpText = "Compare these layers of M1 alone; by default all with weights.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("tolerance", Default = 0.1, MetaValue = "CHANGE", HelpText = "How much a layer may change: |a - b| beside the larger of |a| and |b|, over all pictures; 0 is none, about 1 another layer. A picture with another answer is always a difference.")]
    public double Tolerance { get; set; } = 0.1;

    [Option("units", Default = 6, MetaValue = "N", HelpText = "How many of the units that changed most are shown.")]
    public int Units { get; set; } = 6;

    [Option("steps", Default = 64, MetaValue = "N", HelpText = "Steps of maximising a unit; 0 leaves that out.")]
    public int Steps { get; set; } = 64;

    [Option("method", Default = "grad-cam", MetaValue = "METHOD", HelpText = "How answers are explained: a method of `saliency`.")]
    public string Method { get; set; } = "grad-cam";

    [Option('o', "out", MetaValue = "FILE.png", HelpText = "A sheet of what changed, before and now side by side.")]
    public string? Out { get; set; }

    [Option("html", MetaValue = "FILE.html", HelpText = "A page of it, with all layers and answers.")]
    public string? Html { get; set; }

    [Option("junit", MetaValue = "FILE.xml", HelpText = "Write what came of each layer and each picture as JUnit XML, for CI.")]
    public string? JUnit { get; set; }

    public static IEnumerable<BoundOption> Bound => Conventions.Bound;

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What has quantisation done?", new DiffVerb { First = "net.onnx", Second = "net-int8.onnx", Image = ["photos/"], Html = "diff.html" }),
        Manual.Example("What have these epochs of fine-tuning changed?", new DiffVerb { First = "run/@1", Second = "run/@5", Image = ["photos/"], Out = "diff.png" }),
        Manual.Example("A check in CI", new DiffVerb { First = "released.onnx", Second = "net.onnx", Image = ["photos/"], Tolerance = 0.02, JUnit = "diff.xml" }),
    ];

    public override string? ModelName => First;

    public override IEnumerable<string> ModelNames => new[] { First, Second }.OfType<string>();

    public override int Run(Output output)
    {
        Check();
        var method = SaliencyMethod.Parse(Method, nameof(Method)) with { Seed = Seed };
        var runtime = Runtime();
        var files = PictureFolder.Expand(Image.Any() ? [.. Image] : [Path.Combine(CarriedFiles.Folder, "images")], _ => false).Select(f => f.File).ToList();
        using var before = VisionModel.Load(First!, ModelCatalog.Open()).Under(this, output);
        using var after = AsShown(VisionModel.Load(Second!, ModelCatalog.Open()), before).Under(this, output);
        before.Conventions.RequirePictures();
        after.Conventions.RequirePictures();
        foreach (var file in files) RunFiles.Reads(file.Path);
        foreach (var file in new[] { Out, Html, JUnit }.OfType<string>()) OutputFile.Probe(file);

        using var run = new DiffRun(before, after, files, [.. Layer.SelectMany(l => before.Layers.Has(l) ? [l] : l.Split(',', StringSplitOptions.TrimEntries))], method, runtime);
        var draws = Out is not null || Html is not null;
        var findings = run.All(output, draws);
        findings = findings with { Units = run.Changed(Math.Max(Units, Told)) };
        if (draws) findings = findings with { Seen = run.Seen([.. findings.Units.Take(Units)], Steps, Seed, output) };
        if (run.ByOrder > 0) output.Note($"{run.ByOrder} of {findings.Layers.Count} layers have no name in common and were matched by their order.");
        if (run.Unexplained is { } why) output.Note($"Answers were not explained: {why.TrimEnd('.')}.");
        foreach (var skipped in run.Skipped) output.Note($"Skipped: {skipped}");
        return Tell(findings, output);
    }

    private void Check()
    {
        if (First is null || Second is null) throw OnnxVizException.Usage("Two models are needed, in front of the options: onnxviz diff M1 M2 -i PICTURES. Two pictures are compared by onnxviz compare A B.");
        foreach (var model in new[] { First, Second })
            if (ImageFile.HasPictureExtension(model)) throw OnnxVizException.Usage($"'{model}' is a picture: onnxviz compare A B compares two of them, diff two models.");
        if (!(Tolerance >= 0) || !double.IsFinite(Tolerance)) throw OnnxVizException.Usage($"--tolerance {Tolerance}: a number from 0 on is needed.");
        if (Units < 1) throw OnnxVizException.Usage($"--units {Units}: at least one is needed.");
        if (Steps < 0) throw OnnxVizException.Usage($"--steps {Steps}: a number from 0 on is needed.");
        if (Out is not null && !Out.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw OnnxVizException.Usage($"-o {Out}: the sheet is written as .png; --html writes a page.");
    }

    /// <summary>A version that nobody described is shown pictures as the other is.</summary>
    private static VisionModel AsShown(VisionModel model, VisionModel like)
    {
        if (model.IsDescribed || model.Conventions.Channels != like.Conventions.Channels) return model;
        var c = like.Conventions with { Axes = model.Conventions.Axes };
        return model.With(model.FixedSize is var (height, width) && (height, width) != (c.Height, c.Width) ? c with { Height = height, Width = width, Fit = PictureFit.Stretch } : c);
    }

    private int Tell(DiffFindings f, Output output)
    {
        string[] differences = [.. f.Differences(Tolerance)];
        output.Table(["layer", ">units", ">change"], f.Layers.OrderByDescending(l => l.Whole).Take(Told).Select(l => new[] { l.Pair.Before.Name, $"{l.Pair.Units}", Text(l.Whole) }));
        output.Say("");
        output.Table(["unit", ">change"], f.Units.Take(Told).Select(u => new[] { u.Name, Text(u.Change) }));
        if (f.Answers.Count > 0)
        {
            output.Say("");
            var moved = f.Maps.ToLookup(m => m.Picture, m => m.Move);
            output.Table(
                ["picture", "answer before", "answer now", ">saliency moved", ">pixels"],
                f.Answers.OrderByDescending(a => a.IsOther).Take(Told).Select(a => new[]
                {
                    a.Picture, $"{a.Before.Name} {Text(a.Before.Number)}", $"{a.After.Name} {Text(a.After.Number)}",
                    moved[a.Picture].Select(m => $"{100 * m.Moved:0} %").FirstOrDefault(""), moved[a.Picture].Select(m => $"{m.Shift:0}").FirstOrDefault(""),
                }));
        }

        var beyond = f.Layers.Count(l => l.Whole > Tolerance);
        var summary = string.Create(CultureInfo.InvariantCulture, $"{f.Layers.Count} layers, {beyond} changed by more than {Tolerance:0.###}; {f.Answers.Count(a => a.IsOther)} of {f.Answers.Count} answers are others.");
        output.Say(summary);
        Write(f, summary, output);
        output.Object(ToJson(f, differences));
        return differences.Length == 0 ? 0 : Failure.Differs;
    }

    private void Write(DiffFindings f, string summary, Output output)
    {
        if (Out is not null)
        {
            if (DiffSheet.Draw(f) is { } sheet)
            {
                OutputFile.Write(Out, PngWriter.Encode(sheet, [new(Manifest.Keyword, DiffJson.Manifest(this, f).ToJsonString(JsonText.Compact))]));
                output.Say($"Wrote {Out}");
            }
            else output.Say($"Nothing changed: there is nothing to show in {Out}.");
        }

        if (Html is not null)
        {
            DiffPage.Write(Html, f, Tolerance, summary);
            output.Say($"Wrote {Html}");
        }

        if (JUnit is null) return;
        JUnitFile.Write(JUnit, "onnxviz diff",
        [
            .. f.Layers.Select(l => new JUnitCase($"layer {l.Pair.Before.Name}", l.Whole > Tolerance ? string.Create(CultureInfo.InvariantCulture, $"changed by {l.Whole:0.###}; up to {Tolerance:0.###} is allowed") : null, null, [])),
            .. f.Answers.Select(a => new JUnitCase($"answer to {a.Picture}", a.IsOther ? $"{a.After.Name}, and was {a.Before.Name}" : null, null, [])),
        ]);
        output.Say($"Wrote {JUnit}");
    }

    private JsonObject ToJson(DiffFindings f, string[] differences)
    {
        var json = DiffJson.Of(f);
        json["same"] = differences.Length == 0;
        json["differences"] = JsonText.Array(differences);
        json["files"] = JsonText.Array(new[] { Out, Html, JUnit }.OfType<string>());
        return json;
    }

    private static string Text(double number) => number.ToString("0.000", CultureInfo.InvariantCulture);
}

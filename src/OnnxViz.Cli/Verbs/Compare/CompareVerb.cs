using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Compare;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Verbs.Compare;

[Verb("compare", HelpText = "Compare two pictures: PSNR, SSIM, verdict; exit code 4 when they differ. Two models are compared by `diff`.")]
internal sealed class CompareVerb : VerbOptions
{
    [Value(0, MetaName = "A", HelpText = "A picture.")]
    public string? First { get; set; }

    [Value(1, MetaName = "B", HelpText = "Another one.")]
    public string? Second { get; set; }

    [Option("min-ssim", Default = 0.985, MetaValue = "S", HelpText = "Structural similarity of pictures that count as the same, at least.")]
    public double MinSsim { get; set; } = ImageTolerance.Default.MinSsim;

    [Option("max-block", Default = 2.5, MetaValue = "LEVELS", HelpText = "Root mean square error of their worst 8x8 block, at most.")]
    public double MaxBlock { get; set; } = ImageTolerance.Default.MaxBlockError;

    [Option('o', "out", MetaValue = "FILE.png", HelpText = "Write the difference, eight times as large.")]
    public string? Out { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Did the picture change?", new CompareVerb { First = "before.png", Second = "after.png", Out = "difference.png" }),
    ];

    public override int Run(Output output)
    {
        if (First is null || Second is null) throw OnnxVizException.Usage("Two pictures are needed: onnxviz compare A.png B.png. Two models are compared by onnxviz diff M1 M2.");
        foreach (var file in new[] { First, Second })
            if (file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) throw OnnxVizException.Usage($"'{file}' is a model: onnxviz diff M1 M2 compares two of them, compare two pictures.");
        if (Out is not null && !Out.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw OnnxVizException.Usage($"-o {Out}: the difference is written as .png.");
        if (Out is not null) OutputFile.Probe(Out);
        var (a, b) = (ImageFile.Load(First), ImageFile.Load(Second));
        var result = new JsonObject { ["verb"] = "compare", ["a"] = First, ["b"] = Second };
        if (Out is not null) OutputFile.Probe(Out);
        if ((a.Width, a.Height) != (b.Width, b.Height))
        {
            output.Say($"Different sizes: {a.Width}x{a.Height} and {b.Width}x{b.Height}.");
            result["same"] = false;
            result["sizes"] = new JsonArray($"{a.Width}x{a.Height}", $"{b.Width}x{b.Height}");
            output.Object(result);
            return Failure.Differs;
        }

        var tolerance = new ImageTolerance(MinSsim, MaxBlock);
        var difference = ImageComparison.Compare(a, b);
        var same = difference.IsWithin(tolerance);
        if (Out is not null) OutputFile.Write(Out, PngWriter.Encode(ImageComparison.Difference(a, b)));
        output.Say($"{(same ? "Same" : "Different")}: {difference.Describe(tolerance)}.");
        result["same"] = same;
        result["ssim"] = difference.Ssim;
        // JSON has no number for the distance of equal pictures.
        result["psnr"] = double.IsFinite(difference.Psnr) ? difference.Psnr : null;
        result["max"] = difference.Max;
        result["worst_block"] = new JsonObject { ["x"] = difference.Worst.X, ["y"] = difference.Worst.Y, ["rms"] = difference.Worst.Rms };
        output.Object(result);
        return same ? 0 : Failure.Differs;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Cli.Verbs.Summary;

namespace OnnxViz.Cli.Verbs.Demo;

[Verb("demo", HelpText = "The tour: some twenty commands on the carried networks, their pictures, and a page that shows them.")]
internal sealed class DemoVerb : VerbOptions
{
    private const string Start = "dotnet run --project src/OnnxViz.Cli -c Release -- ";

    [Option('o', "out", Default = "onnxviz-demo", MetaValue = "DIR", HelpText = "Where the results go.")]
    public string Out { get; set; } = "onnxviz-demo";

    [Option("short", HelpText = "Small pictures and few steps: to see that everything works.")]
    public bool Short { get; set; }

    [Option("device", Default = "auto", MetaValue = "auto|cpu|cuda[:N]", HelpText = "Where to compute.")]
    public string Device { get; set; } = "auto";

    [Option("threads", MetaValue = "N", HelpText = "Threads on the CPU; by default as many as there are physical cores.")]
    public int? Threads { get; set; }

    public static IEnumerable<Example> Examples => [Manual.Example("Everything, in a few minutes", new DemoVerb())];

    public override int Run(Output output)
    {
        CopyPhotographs();
        var sections = new DemoTour(Out, Short, Device, Threads).Sections();
        var results = output.WithProgress("Demo", report => RunAll(sections, report, output));
        var page = Path.Combine(Out, "index.html");
        OutputFile.Write(page, Encoding.UTF8.GetBytes(new HtmlReport(sections, results, Out).Page()));

        var files = results.Values.SelectMany(r => r.Answer["files"]?.AsArray() ?? []).Select(f => f!.GetValue<string>()).ToList();
        output.Say($"Done: {files.Count(f => f.EndsWith(".png", StringComparison.Ordinal))} pictures. Open {page} to see them with the commands that made them.");
        output.Say("Try next:");
        foreach (var verb in Suggestions()) output.Say($"  {Start}{Manual.CommandOf(verb)["onnxviz ".Length..]}");
        output.Object(new JsonObject
        {
            ["verb"] = "demo",
            ["page"] = page,
            ["files"] = JsonText.Array(files),
        });
        return 0;
    }

    private static Dictionary<DemoStep, DemoResult> RunAll(
        IReadOnlyList<DemoSection> sections, IProgress<(double Share, string Text)> report, Output output)
    {
        var steps = sections.SelectMany(s => s.Steps).ToList();
        var total = steps.Sum(s => s.Weight);
        var done = 0.0;
        var results = new Dictionary<DemoStep, DemoResult>();
        foreach (var step in steps)
        {
            output.Cancellation.ThrowIfCancellationRequested();
            var command = Manual.CommandOf(step.Verb);
            using var answer = new StringWriter();
            var verb = step.GoesOn ?? step.Verb;
            if (!output.HasBar) output.Say($"[{results.Count + 1}/{steps.Count}] {Manual.CommandOf(verb)}");
            verb.Json = true;
            var before = done;
            verb.Run(new Output(output.Streams with { Out = answer, IsTerminal = false }, verb)
            {
                Parent = new Part(report, inner => (before + (step.Weight * inner)) / total, step.Title),
            });
            done += step.Weight;
            report.Report((done / total, step.Title));
            results[step] = new DemoResult(step, command, JsonNode.Parse(answer.ToString())!.AsObject());
        }

        return results;
    }

    /// <summary>Beside the results, so that the commands on the page can be typed as they stand.</summary>
    private void CopyPhotographs()
    {
        var folder = Path.Combine(ModelCatalog.Open().Folder, "images");
        foreach (var photo in DemoTour.Photographs)
        {
            var source = Path.Combine(folder, photo);
            if (!File.Exists(source)) throw OnnxVizException.Input($"The demo's photograph '{source}' is missing.");
            OutputFile.Write(Path.Combine(Out, "photographs", photo), File.ReadAllBytes(source));
        }
    }

    private IEnumerable<VerbOptions> Suggestions()
    {
        var photo = Path.Combine(Out, "photographs", "chelsea.png");
        yield return new MaximizeVerb { Layer = "conv5_3", Unit = "random:6", Out = "features.png" };
        yield return new SaliencyVerb { Image = [photo], Class = "Egyptian cat", Method = "guided", Out = "egyptian.png" };
        yield return new SummaryVerb { Name = "efficientnet-lite0" };
    }

    private sealed class Part(IProgress<(double Share, string Text)> whole, Func<double, double> share, string title)
        : IProgress<(double Share, string Text)>
    {
        public void Report((double Share, string Text) value) => whole.Report((share(value.Share), title));
    }
}

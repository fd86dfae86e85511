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
        var page = Path.Combine(Out, "index.html");
        var results = new Dictionary<DemoStep, DemoResult>();
        try
        {
            RunAll(sections, results, page, output);
        }
        catch (OperationCanceledException)
        {
            output.Say($"{results.Count} of {sections.Sum(s => s.Steps.Count)} commands are done; {page} shows them, and the same command goes on from there.");
            throw;
        }

        var files = results.Values.SelectMany(FilesOf).ToList();
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

    /// <summary>Command by command; the page shows what is done.</summary>
    private void RunAll(IReadOnlyList<DemoSection> sections, Dictionary<DemoStep, DemoResult> results, string page, Output output)
    {
        var steps = sections.SelectMany(s => s.Steps).ToList();
        var record = new DemoRecord(Out);
        foreach (var step in steps)
        {
            var command = Manual.CommandOf(step.Verb);
            if (record.Find(command) is { } answer) results[step] = new DemoResult(step, command, answer);
        }

        if (results.Count > 0) output.Say($"{results.Count} of {steps.Count} commands were finished in {Out} before and are kept.");
        var left = steps.Where(s => !results.ContainsKey(s)).ToList();
        WritePage();
        _ = output.WithWork($"The demo ({left.Count} commands)", progress =>
        {
            foreach (var (i, step) in left.Index()) progress.Add($"{i}", 1, step.Weight);
            foreach (var (i, step) in left.Index())
            {
                output.Cancellation.ThrowIfCancellationRequested();
                if (!output.HasBar) output.Say($"[{results.Count + 1}/{steps.Count}] {Manual.CommandOf(step.GoesOn ?? step.Verb)}");
                var result = Run(step, new Relay<(double Share, string Text)>(p => progress.Report($"{i}", Math.Min(p.Share, 0.999), step.Title)), output);
                progress.Report($"{i}", 1, step.Title);
                results[step] = result;
                record.Add(result.Command, result.Answer, FilesOf(result));
                WritePage();
            }

            return 0;
        });

        void WritePage() => OutputFile.Write(page, Encoding.UTF8.GetBytes(new HtmlReport(sections, results, Out).Page()));
    }

    private static DemoResult Run(DemoStep step, IProgress<(double Share, string Text)> report, Output output)
    {
        // What is said of a step that goes on is what starts it anew.
        var command = Manual.CommandOf(step.Verb);
        using var answer = new StringWriter();
        var verb = step.GoesOn ?? step.Verb;
        verb.Json = true;
        verb.Run(new Output(output.Streams with { Out = answer, IsTerminal = false }, verb) { Parent = report });
        return new DemoResult(step, command, JsonNode.Parse(answer.ToString())!.AsObject());
    }

    private static IEnumerable<string> FilesOf(DemoResult result) => (result.Answer["files"]?.AsArray() ?? []).Select(f => f!.GetValue<string>());

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
}

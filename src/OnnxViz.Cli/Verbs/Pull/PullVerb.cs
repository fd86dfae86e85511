using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Pull;

namespace OnnxViz.Cli.Verbs.Pull;

[Verb("pull", HelpText = "Fetch known models; a download that was interrupted goes on with the same command.")]
internal sealed class PullVerb : VerbOptions
{
    [Value(0, MetaName = "NAME...", HelpText = "Names of known models: `onnxviz models` lists them.")]
    public IEnumerable<string> Names { get; set; } = [];

    [Option("from", MetaValue = "URL|FILE|DIR", HelpText = "Where to take the file from instead: its address, one that holds it, a file or a folder. ONNXVIZ_MIRROR names such an address for all.")]
    public string? From { get; set; }

    [Option('o', "out", MetaValue = "DIR", HelpText = "Where to put it instead of where names of models are looked for.")]
    public string? Out { get; set; }

    [Option("untrusted", HelpText = "Mark the file as one that nobody vouches for: every verb then works on it in a process of its own (--isolate).")]
    public bool IsUntrusted { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("The three classics", new PullVerb { Names = ["vgg16", "googlenet", "alexnet"] }),
        Manual.Example("From a file that came in another way", new PullVerb { Names = ["vgg16"], From = "downloads/vgg16_Opset17.onnx" }),
    ];

    public static IEnumerable<string> Notes =>
    [
        "Sizes and SHA-256 stand in models.json, and no other file is taken. A proxy is taken from HTTPS_PROXY and its like.",
    ];

    public override int Run(Output output)
    {
        var catalog = ModelCatalog.Open();
        KnownModel[] models = [.. Names.Select(name => Find(catalog, name))];
        if (models.Length == 0) throw OnnxVizException.Usage($"Which model? {string.Join(", ", Offered(catalog))}.");
        var fetched = new JsonArray();
        foreach (var model in models)
        {
            var final = Path.GetFullPath(Out is null ? catalog.PathOf(model) : ModelCatalog.PlaceIn(Out, model));
            var isNew = output.WithProgress($"{model.Name}, {model.Size / 1e6:0.0} MB", progress =>
                new ModelPull().Fetch(model, final, From, new Bytes(model.Size, progress), output.Cancellation).GetAwaiter().GetResult());
            if (IsUntrusted) Untrusted.Mark(final);
            output.Say($"{model.Name} {(isNew ? "is now" : "was already")} at {final}");
            fetched.Add(new JsonObject { ["name"] = model.Name, ["file"] = final, ["size"] = model.Size, ["sha256"] = model.Sha256, ["fetched"] = isNew });
        }

        output.Object(new JsonObject { ["verb"] = "pull", ["models"] = fetched });
        return 0;
    }

    private static KnownModel Find(ModelCatalog catalog, string name) =>
        catalog.ByName(name) ?? throw OnnxVizException.Input($"No known model '{name}'; there are {string.Join(", ", Offered(catalog))}.");

    private static IEnumerable<string> Offered(ModelCatalog catalog) => catalog.Models.Where(m => m.Download is not null).Select(m => m.Name);

    /// <summary>Bytes that are there, as a share of all.</summary>
    private sealed class Bytes(long size, IProgress<(double Share, string Text)> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(((double)value / size, $"{value / 1e6:0.0} MB"));
    }
}

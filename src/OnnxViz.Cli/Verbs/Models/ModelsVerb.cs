using System.Text.Json.Nodes;
using CommandLine;

namespace OnnxViz.Cli.Verbs.Models;

[Verb("models", HelpText = "List the known models.")]
internal sealed class ModelsVerb : VerbOptions
{
    public override int Run(Output output)
    {
        var catalog = ModelCatalog.Open();
        output.Table(
            ["name", "what it is", ">size", "licence", "here"],
            catalog.Models.Select(m => new[] { m.Name, m.Title, $"{m.Size / 1e6:0.0} MB", m.Licence, IsHere(m) ? "yes" : "no" }));
        if (catalog.Models.Any(m => !IsHere(m))) output.Say("`onnxviz pull NAME` fetches what is not here.");
        output.Say($"Any .onnx file can be named instead. Folder: {catalog.Folder}");
        output.Object(new JsonObject { ["verb"] = "models", ["folder"] = catalog.Folder, ["models"] = new JsonArray([.. catalog.Models.Select(ToJson)]) });
        return 0;

        bool IsHere(KnownModel model) => File.Exists(catalog.PathOf(model));

        JsonObject ToJson(KnownModel model) => new()
        {
            ["name"] = model.Name,
            ["title"] = model.Title,
            ["file"] = model.File,
            ["size"] = model.Size,
            ["sha256"] = model.Sha256,
            ["source"] = model.Source,
            ["download"] = model.Download,
            ["licence"] = model.Licence,
            ["present"] = IsHere(model),
        };
    }
}

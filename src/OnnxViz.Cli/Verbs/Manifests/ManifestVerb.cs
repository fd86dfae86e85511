using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results.Replays;
using OnnxViz.Cli.Shared.Recording;

namespace OnnxViz.Cli.Verbs.Manifests;

[Verb("manifest", HelpText = "Print what made a picture: the manifest that each carries.")]
internal sealed class ManifestVerb : VerbOptions
{
    [Value(0, MetaName = "PICTURE", HelpText = "A .png file that this program made; --json prints its manifest as it is.")]
    public string? Picture { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Which model was this?", new ManifestVerb { Picture = "why.png" }),
    ];

    public override int Run(Output output)
    {
        if (Picture is null) throw OnnxVizException.Usage("A picture is needed: onnxviz manifest PICTURE.png.");
        var manifest = PictureManifest.Of(Picture);
        foreach (var (name, value) in manifest.Json)
        {
            if (name != ReplayRecord.Key) Tell(PlainText.Of(name), value, "", output);
        }

        if (manifest.Json[ReplayRecord.Key] is JsonObject replay)
        {
            if (replay["command"] is JsonArray words) output.Say($"command: onnxviz {string.Join(' ', words.Select(w => ShellWord.Of(Shown(w))))}");
            if (replay["files"] is JsonArray files)
                foreach (var file in files.OfType<JsonObject>()) output.Say($"file: {Shown(file["path"])}, sha256 {Shown(file["sha256"])}");
            output.Say($"threads: {Shown(replay["threads"])}");
            output.Say($"cpu: {Shown(replay["cpu"])}");
        }

        output.Object(manifest.Json);
        return 0;
    }

    private static void Tell(string name, JsonNode? value, string indent, Output output)
    {
        if (value is JsonObject inner)
        {
            output.Say($"{indent}{name}:");
            foreach (var (key, part) in inner) Tell(PlainText.Of(key), part, indent + "  ", output);
        }
        else if (value is JsonArray array && array.Any(e => e is JsonObject))
        {
            foreach (var (i, element) in array.Index()) Tell($"{name} {i + 1}", element, indent, output);
        }
        else
        {
            output.Say($"{indent}{name}: {Shown(value)}");
        }
    }

    private static string Shown(JsonNode? value) => PlainText.Of(value switch
    {
        null => "none",
        JsonArray array => string.Join(", ", array.Select(Shown)),
        JsonValue word when word.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(JsonText.Compact),
    });
}

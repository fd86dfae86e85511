using System.Reflection;
using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Results;

/// <summary>
/// What made a picture, for its text chunk "onnxviz": enough to make it again. No times, hosts or folders, so that equal
/// runs give equal bytes.
/// </summary>
internal static class Manifest
{
    /// <summary>Keyword of the PNG text chunk.</summary>
    public const string Keyword = OwnResults.Keyword;

    /// <summary>How gradients pass the rounding of a quantised model.</summary>
    public const string Quantized = "straight-through";

    /// <summary>Whether an option of a verb is left out; those of records are told by the records.</summary>
    public static bool Leaves(PropertyInfo option) => Binding.IsBound(option) || Manual.AttributeOf<NotInManifestAttribute>(option) is not null;

    /// <param name="verb">With its options.</param>
    /// <param name="model">The network under the conventions that were used.</param>
    /// <param name="runtime">Where it ran.</param>
    /// <param name="inputs">The files that it was shown.</param>
    /// <param name="resolved">What options came to mean: the class behind "top", the units behind "random:9".</param>
    public static JsonObject Of(
        VerbOptions verb, VisionModel model, RuntimeOptions runtime, IEnumerable<InputFile> inputs, IReadOnlyDictionary<string, JsonNode?> resolved)
    {
        var options = new JsonObject();
        foreach (var (option, property) in Manual.Options(verb.GetType()))
        {
            if (Leaves(property) || resolved.ContainsKey(option.LongName)) continue;
            if (Manual.Json(property.GetValue(verb)) is { } node) options[option.LongName] = node;
        }

        if (verb switch { ModelOptions m => m.Given, ModelArgument m => m.Given, _ => [] } is var given && given.Any()) options["input"] = JsonText.Array(given.Select(OtherInputs.WithoutFolder));
        foreach (var (name, value) in resolved) options[name] = value?.DeepClone();
        var manifest = new JsonObject
        {
            ["program"] = $"onnxviz {Manual.Version}",
            ["onnxruntime"] = OrtLibrary.Version,
            ["device"] = runtime.Device.ToString(),
            ["verb"] = Manual.NameOf(verb),
            ["model"] = new JsonObject { ["name"] = NameOf(model), ["sha256"] = model.Sha256 },
            ["conventions"] = new JsonObject(model.Conventions.Texts.Select(t => KeyValuePair.Create(t.Name, (JsonNode?)t.Text))),
            ["options"] = options,
        };
        if (runtime.Winograd.Used is { Count: > 0 } sizes) manifest["winograd"] = string.Join(',', sizes);
        if (runtime.Manner is { } manner) manifest["precision"] = manner;
        if (model.IsQuantized) manifest["quantized"] = Quantized;
        var files = new JsonArray([.. inputs.Select(Of)]);
        if (files.Count > 0) manifest["inputs"] = files;
        return manifest;
    }

    /// <summary>What is told of a file.</summary>
    public static JsonObject Of(InputFile file) => new() { ["file"] = file.Name, ["sha256"] = file.Sha256 };

    /// <summary>What a model is called without the folders that it lies in: "net.onnx", "run/@3".</summary>
    public static string NameOf(VisionModel model) => model.Checkpoint is { } checkpoint
        ? $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path)))}/@{checkpoint.Name}"
        : Path.GetFileName(model.Name);
}

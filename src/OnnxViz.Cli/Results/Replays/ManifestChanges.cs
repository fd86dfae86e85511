using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>What is not as it was when a picture was made, as two manifests tell it.</summary>
internal static class ManifestChanges
{
    private const int HashDigits = 12;

    /// <param name="before">Of the picture.</param>
    /// <param name="now">Of the one that was made again.</param>
    /// <returns>A word for each thing, and what there was and is; with nothing that a terminal would take for a command.</returns>
    public static IReadOnlyList<(string What, string Text)> Between(JsonObject before, JsonObject now)
    {
        var changes = new List<(string, string)>();
        Compare("program", before["program"], now["program"]);
        Compare("onnxruntime", before["onnxruntime"], now["onnxruntime"]);
        Compare("device", before["device"], now["device"]);
        Compare("precision", before["precision"], now["precision"]);
        Compare("winograd", before["winograd"], now["winograd"]);
        Compare("threads", Inner(before, ReplayRecord.Key)?["threads"], Inner(now, ReplayRecord.Key)?["threads"]);
        Compare("cpu", Inner(before, ReplayRecord.Key)?["cpu"], Inner(now, ReplayRecord.Key)?["cpu"]);
        Compare("model", Model(before), Model(now));
        foreach (var (part, name) in new[] { ("conventions", "convention"), ("options", "option") })
            foreach (var key in Keys(before, part).Union(Keys(now, part)))
                if (key != "threads") Compare($"{name} {key}", Inner(before, part)?[key], Inner(now, part)?[key]);
        foreach (var (file, was) in Files(before))
            if (Files(now).TryGetValue(file, out var hash) && hash != was) changes.Add(($"input {PlainText.Of(file)}", $"sha256 {Short(was)} before, {Short(hash)} now"));
        return changes;

        void Compare(string what, JsonNode? was, JsonNode? nowIs)
        {
            if (JsonNode.DeepEquals(was, nowIs)) return;
            changes.Add((PlainText.Of(what), $"{Shown(was)} before, {Shown(nowIs)} now"));
        }
    }

    private static JsonNode? Model(JsonObject manifest) => Inner(manifest, "model") is { } model && PictureManifest.Text(model, "sha256") is { } hash
        ? $"{PictureManifest.Text(model, "name")} (sha256 {Short(hash)})"
        : null;

    private static JsonObject? Inner(JsonObject json, string name) => json[name] as JsonObject;

    private static IEnumerable<string> Keys(JsonObject json, string part) => Inner(json, part)?.Select(p => p.Key) ?? [];

    private static Dictionary<string, string> Files(JsonObject manifest)
    {
        var files = new Dictionary<string, string>();
        foreach (var file in (Inner(manifest, ReplayRecord.Key)?["files"] as JsonArray ?? []).OfType<JsonObject>())
            if (PictureManifest.Text(file, "path") is { } path && PictureManifest.Text(file, "sha256") is { } hash) files[path] = hash;
        return files;
    }

    private static string Shown(JsonNode? value)
    {
        const int Most = 120;
        var text = PlainText.Of(value switch { null => "none", JsonValue v when v.TryGetValue<string>(out var word) => word, _ => value.ToJsonString(JsonText.Compact) });
        return text.Length > Most ? $"{text[..Most]}..." : text;
    }

    private static string Short(string hash) => hash.Length > HashDigits ? hash[..HashDigits] : hash;
}

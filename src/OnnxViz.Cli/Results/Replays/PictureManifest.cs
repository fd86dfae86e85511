using System.Text.Json;
using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>A picture's own account of how it was made. It comes with the picture from anywhere, and is believed in nothing.</summary>
/// <param name="File">The picture.</param>
/// <param name="Json">The whole manifest.</param>
internal sealed record PictureManifest(string File, JsonObject Json)
{
    /// <summary>A sheet of results has a few megabytes; a device or a file that was made to be huge has more.</summary>
    private const long MostBytes = 512L << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, CommentHandling = JsonCommentHandling.Disallow };

    public JsonObject Replay => Json[ReplayRecord.Key] as JsonObject
        ?? throw Unusable(File, IsOfAnotherKind ? $"is of '{PlainText.Of(Text(Json, "verb")!)}', whose pictures cannot be made again" : $"was made by {PlainText.Of(Text(Json, "program") ?? "another version")}, which recorded no command: make it anew with this version");

    /// <summary>Whether it is of a verb whose pictures were never made to be made again, such as a sheet that compares models.</summary>
    public bool IsOfAnotherKind => Json[ReplayRecord.Key] is null && Text(Json, "verb") is { } verb && !ReplayedCommand.Verbs.Any(v => Manual.NameOf(v) == verb);

    /// <summary>The verb, and then its options.</summary>
    public IReadOnlyList<string> Command => Replay["command"] is JsonArray { Count: > 0 and < 10_000 } words && words.All(w => w is JsonValue v && v.TryGetValue<string>(out _))
        ? [.. words.Select(w => w!.GetValue<string>())]
        : throw Unusable(File, "has no command in its manifest");

    /// <summary>Where the picture's files lay, with the hash of what they held.</summary>
    public IReadOnlyList<(string Path, string Sha256, string? Picture)> Files => Replay["files"] is JsonArray files
        ? [.. files.OfType<JsonObject>().Select(f => (Text(f, "path") ?? "", Text(f, "sha256") ?? "", Text(f, "picture")))]
        : [];

    /// <summary>The result's name; null for a sheet of several.</summary>
    public string? Result => Text(Replay, "result");

    /// <summary>Which page of a sheet it is, from 1.</summary>
    public int Page => Number(Replay, "page") ?? 1;

    /// <summary>What the model expected of pictures.</summary>
    public IReadOnlyDictionary<string, string>? Conventions => Json["conventions"] is JsonObject texts
        ? texts.Where(t => Text(texts, t.Key) is not null).ToDictionary(t => t.Key, t => Text(texts, t.Key)!)
        : null;

    public string? ModelSha256 => Json["model"] is JsonObject model ? Text(model, "sha256") : null;

    public int? Threads => Number(Replay, "threads");

    public string? Device => Text(Json, "device");

    /// <exception cref="OnnxVizException">No such picture, or it has no manifest that could be read.</exception>
    public static PictureManifest Of(string file) => TryOf(file) ?? throw Unusable(file, "has no manifest: no picture that this program made, or one that was stored anew by another");

    /// <summary>Null for a picture without a manifest.</summary>
    /// <exception cref="OnnxVizException">No such picture, or it is damaged.</exception>
    public static PictureManifest? TryOf(string file)
    {
        var text = TextOf(file);
        if (text is null) return null;
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) is JsonObject json ? new PictureManifest(file, Whole(json)) : throw Unusable(file, "has a manifest that is no JSON object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Unusable(file, "has a manifest that is no JSON object");
        }
    }

    /// <summary>A text in a manifest; null where there is none.</summary>
    public static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static OnnxVizException Unusable(string file, string why) => OnnxVizException.Input($"'{file}' {why}.");

    private static int? Number(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    /// <summary>Names that come twice are found when an object is first looked into.</summary>
    private static JsonObject Whole(JsonObject json)
    {
        foreach (var (_, value) in json)
        {
            if (value is JsonObject inner) Whole(inner);
            else if (value is JsonArray array) foreach (var element in array.OfType<JsonObject>()) Whole(element);
        }

        return json;
    }

    private static string? TextOf(string file)
    {
        try
        {
            if (Directory.Exists(file)) throw Unusable(file, "is a folder; `onnxviz verify` takes one");
            var found = new FileInfo(file);
            if (!found.Exists) throw OnnxVizException.Input($"There is no picture '{file}'.");
            FileStatus.RequireFile(file);
            if (found.Length > MostBytes) throw Unusable(file, $"is larger than {MostBytes >> 20} MB");
            return PngText.Read(System.IO.File.ReadAllBytes(file), file).FirstOrDefault(t => t.Key == Manifest.Keyword).Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"Cannot read '{file}': {e.Message}", e);
        }
    }
}

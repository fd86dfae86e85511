using System.Text.Json;
using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;

namespace OnnxViz.Cli.Results;

/// <summary>
/// What earlier runs have left in a folder, by the manifests of the pictures there: a result is finished if its file says that it was made by the same
/// version from the same model and picture with the same options. Pictures that are damaged, or of other runs, are none of these.
/// </summary>
internal sealed class FinishedResults
{
    private readonly Dictionary<string, List<(string File, string Facts)>> _found = [];
    private readonly string? _perResult;

    private FinishedResults(string? perResult) => _perResult = perResult;

    /// <param name="folder">Null for none.</param>
    /// <param name="perResult">An option that means something else for each result (see <see cref="PictureResult.Resolved"/>), of which the result says what; null for none.</param>
    public static FinishedResults In(string? folder, string? perResult = null)
    {
        var finished = new FinishedResults(perResult);
        if (folder is null || !Directory.Exists(folder)) return finished;
        foreach (var file in Directory.EnumerateFiles(folder, "*.png").Order(StringComparer.Ordinal))
        {
            if (Parsed(OwnResults.ManifestOf(file)) is not { } manifest || manifest["result"] is not JsonObject facts) continue;
            var key = finished.KeyOf(manifest);
            if (!finished._found.TryGetValue(key, out var alike)) finished._found[key] = alike = [];
            alike.Add((file, facts.ToJsonString()));
        }

        return finished;
    }

    /// <summary>The files of results of a manifest, with what they say of themselves.</summary>
    /// <param name="manifest">As it would be written now.</param>
    public IReadOnlyList<(string File, JsonObject Facts)> Of(JsonObject manifest) =>
        _found.TryGetValue(KeyOf(manifest), out var files) ? [.. files.Select(f => (f.File, JsonNode.Parse(f.Facts)!.AsObject()))] : [];

    /// <summary>What says that two results are of one command and picture: all but the result itself, which graphs were measured to be quicker, and an option of which the result says more.</summary>
    private string KeyOf(JsonObject manifest)
    {
        var key = JsonNode.Parse(manifest.ToJsonString())!.AsObject();
        foreach (var name in new[] { "result", "winograd", ReplayRecord.Key }) key.Remove(name);
        if (_perResult is not null) (key["options"] as JsonObject)?.Remove(_perResult);
        // Which of several GPUs it is does not matter.
        if (key["device"] is { } device) key["device"] = device.GetValue<string>().Split(':')[0];
        return key.ToJsonString();
    }

    private static JsonObject? Parsed(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

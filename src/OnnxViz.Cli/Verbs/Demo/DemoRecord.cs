using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Verbs.Demo;

/// <summary>What earlier tours into a folder have finished: of each command what it answered, and the files that it made. It holds for this version only, and as long as the files are as they were.</summary>
/// <param name="folder">Where the results lie.</param>
internal sealed class DemoRecord(string folder)
{
    private const string FileName = "finished.json";

    private readonly JsonObject _steps = Load(Path.Combine(folder, FileName));

    /// <summary>What a command answered; null where it was not finished, or a file of it is not there any more or another one.</summary>
    /// <param name="command">As it is typed.</param>
    public JsonObject? Find(string command)
    {
        if (_steps[command] is not JsonObject step || step["answer"] is not JsonObject answer || step["files"] is not JsonObject files) return null;
        return files.All(f => HashOf(f.Key) is { } hash && hash == (string?)f.Value) ? (JsonObject)answer.DeepClone() : null;
    }

    /// <summary>A command is finished.</summary>
    /// <param name="command">As it is typed.</param>
    /// <param name="answer">With --json.</param>
    /// <param name="files">That it made.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Add(string command, JsonObject answer, IEnumerable<string> files)
    {
        _steps[command] = new JsonObject
        {
            ["answer"] = answer.DeepClone(),
            ["files"] = new JsonObject([.. files.Distinct().Select(f => KeyValuePair.Create(f, (JsonNode?)HashOf(f)))]),
        };
        var record = new JsonObject { ["program"] = Manual.Version, ["onnxruntime"] = OrtLibrary.Version, ["steps"] = _steps.DeepClone() };
        OutputFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(record.ToJsonString(JsonText.Indented)));
    }

    private static string? HashOf(string file)
    {
        try
        {
            using var opened = OpenFile.At(file, isInput: false);
            return opened.Sha256();
        }
        catch (OnnxVizException)
        {
            return null;
        }
    }

    private static JsonObject Load(string path)
    {
        try
        {
            if (FileStatus.Of(path).Kind == PathKind.File && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject record && (string?)record["program"] == Manual.Version
                && (string?)record["onnxruntime"] == OrtLibrary.Version && record["steps"] is JsonObject steps)
                return (JsonObject)steps.DeepClone();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Then all is made anew.
        }

        return [];
    }
}

using System.Text.Json.Nodes;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>A file that can be read, of which no verb can make anything.</summary>
/// <param name="Name">What the user called it.</param>
/// <param name="Why">What is in the way.</param>
/// <param name="Graph">Of the file.</param>
/// <param name="Producer">Who exported it.</param>
/// <param name="Bytes">Of the file.</param>
internal sealed record UnseenModel(string Name, string Why, Graph Graph, string Producer, long Bytes)
{
    private const int MostOperators = 8;

    /// <returns>Null where it is no file, or one that cannot be read.</returns>
    public static UnseenModel? Of(string path, string why)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = OnnxFile.Load(path);
            return new UnseenModel(path, why, file.Graph, FileWords.Producer(file), file.Length);
        }
        catch (OnnxVizException)
        {
            return null;
        }
    }

    public void Tell(Output output)
    {
        var operators = Graph.Nodes.GroupBy(n => n.OpType).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}").ToList();
        output.Table(["what", "this model"],
        [
            ["model", $"{Name}: opset {Graph.Opset}, {FileWords.Count(Graph.Nodes.Count, "node")}, {FileWords.Size(Bytes)}{Producer}"],
            .. FileWords.Rows("input", Graph.Inputs),
            .. FileWords.Rows("output", Graph.Outputs),
            ["operators", $"{string.Join(", ", operators.Take(MostOperators))}{(operators.Count > MostOperators ? ", ..." : "")}"],
        ]);
        output.Say("");
        output.Say($"Nothing can be asked of it: {Why}");
        output.Object(new JsonObject
        {
            ["verb"] = "doctor",
            ["model"] = Name,
            ["file"] = new JsonObject { ["opset"] = Graph.Opset, ["size"] = Bytes, ["nodes"] = Graph.Nodes.Count },
            ["input"] = null,
            ["other_inputs"] = new JsonArray([.. Graph.Inputs.Select(FileWords.Json)]),
            ["outputs"] = new JsonArray([.. Graph.Outputs.Select(FileWords.Json)]),
            ["can"] = new JsonArray(),
            ["reason"] = Why,
            ["try"] = new JsonArray(),
        });
    }
}

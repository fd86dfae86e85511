using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Imaging;

namespace OnnxViz.Cli.Results;

/// <summary>One picture with the attribution of one score to it.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Subject">The class's name, or layer and unit.</param>
/// <param name="Unit">The number of either.</param>
/// <param name="Score">What is explained.</param>
/// <param name="Attribution">[1, ...] in the shape and layout of the input.</param>
internal sealed record Explained(string Picture, Image Shown, string Subject, long Unit, float Score, Tensor Attribution)
{
    public JsonObject Facts() => new() { ["picture"] = Picture, ["subject"] = Subject, ["unit"] = Unit, ["score"] = Score };
}

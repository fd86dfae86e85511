using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Imaging;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>One picture with the attribution of one score to it.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Subject">The class's name, or layer and unit.</param>
/// <param name="Unit">The number of either.</param>
/// <param name="Score">What is explained.</param>
/// <param name="Method">How.</param>
/// <param name="Attribution">[1, ...] in the shape and layout of the input, or of a layer's map [1, 1, h, w].</param>
internal sealed record Explained(string Picture, Image Shown, string Subject, long Unit, float Score, MethodChoice Method, Tensor Attribution)
{
    /// <summary>Of class activation maps the layer.</summary>
    public string? Layer { get; init; }

    /// <summary>Of integrated gradients: the score of the baseline, and by how much the attributions miss the difference.</summary>
    public (float BaselineScore, double Residual)? Completeness { get; init; }

    public JsonObject Facts()
    {
        var facts = new JsonObject { ["picture"] = Picture, ["subject"] = Subject, ["unit"] = Unit, ["score"] = Score, ["method"] = Method.Word };
        if (Layer is not null) facts["layer"] = Layer;
        if (Completeness is not var (baseline, residual)) return facts;
        facts["baseline_score"] = baseline;
        facts["completeness_residual"] = residual;
        return facts;
    }
}

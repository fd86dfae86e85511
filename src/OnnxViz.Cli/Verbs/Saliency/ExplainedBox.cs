using System.Text.Json.Nodes;
using OnnxViz.Detect;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>Which box of a picture is explained, and what is kept of it.</summary>
internal static class ExplainedBox
{
    /// <param name="index">Among the picture's boxes.</param>
    /// <param name="box">It.</param>
    /// <param name="model">The network.</param>
    public static JsonObject Facts(int index, DetectedBox box, VisionModel model) => new()
    {
        ["index"] = index,
        ["class"] = box.Class,
        ["name"] = ClassName.Of(model, box.Class),
        ["score"] = box.Score,
        ["left"] = box.Area.Left,
        ["top"] = box.Area.Top,
        ["right"] = box.Area.Right,
        ["bottom"] = box.Area.Bottom,
        ["layer"] = model.Layers.NameOf(box.Target.Layer),
        ["unit"] = box.Target.Unit,
        ["position"] = JsonText.Array(box.Target.Position?.Indices ?? []),
    };

    public static ShownBox Shown(JsonObject facts) => new(
        facts["left"]!.GetValue<float>(), facts["top"]!.GetValue<float>(), facts["right"]!.GetValue<float>(), facts["bottom"]!.GetValue<float>(),
        $"{facts["name"]!.GetValue<string>()} {facts["score"]!.GetValue<float>():0.00}");
}

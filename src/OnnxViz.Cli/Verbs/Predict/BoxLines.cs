using System.Text.Json.Nodes;
using OnnxViz.Detect;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Predict;

/// <summary>What a detector finds, as lines of a table and as JSON.</summary>
internal static class BoxLines
{
    public static readonly string[] Columns = ["picture", ">box", "class", ">number", ">score", ">left", ">top", ">right", ">bottom"];

    /// <param name="model">The network.</param>
    /// <param name="boxes">Highest first.</param>
    /// <param name="picture">Its name.</param>
    public static IEnumerable<string[]> Lines(VisionModel model, IReadOnlyList<DetectedBox> boxes, string picture) => boxes.Count == 0
        ? [[picture, "", "nothing", "", "", "", "", "", ""]]
        : boxes.Select((b, k) => new[]
        {
            k == 0 ? picture : "", $"{k}", ClassName.Of(model, b.Class), $"{b.Class}", Digits.Text(b.Score, 3),
            Pixel(b.Area.Left), Pixel(b.Area.Top), Pixel(b.Area.Right), Pixel(b.Area.Bottom),
        });

    public static JsonArray ToJson(VisionModel model, IReadOnlyList<DetectedBox> boxes) => new([.. boxes.Select(b => new JsonObject
    {
        ["id"] = b.Class,
        ["name"] = ClassName.Of(model, b.Class),
        ["score"] = b.Score,
        ["left"] = b.Area.Left,
        ["top"] = b.Area.Top,
        ["right"] = b.Area.Right,
        ["bottom"] = b.Area.Bottom,
    })]);

    private static string Pixel(float at) => $"{MathF.Round(at)}";
}

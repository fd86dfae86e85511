using System.Text.Json.Nodes;
using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Shards;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>A picture under all methods for one target.</summary>
/// <param name="Picture">Its index among all.</param>
/// <param name="File">What it was read from.</param>
/// <param name="Methods">One result for each.</param>
internal sealed record SaliencyRow(int Picture, InputFile File, List<Explained> Methods)
{
    /// <summary>The place in the map of the unit that is explained; null for what is made of the whole map.</summary>
    public MapPosition? Position { get; init; }

    /// <summary>Of the box that is explained; null where it is none.</summary>
    public JsonObject? Box { get; init; }
}

/// <summary>What ran at once, and how it is kept in a part: "picture" [N,H,W,3] as the model saw it, and "attribution" of each method.</summary>
/// <param name="Rows">In the order of the pictures.</param>
/// <param name="Skipped">Pictures that could not be read.</param>
internal sealed record SaliencyPiece(IReadOnlyList<SaliencyRow> Rows, IReadOnlyList<SkippedPicture> Skipped)
{
    public Piece Pack()
    {
        var arrays = new Dictionary<string, Tensor>();
        if (Rows.Count > 0)
        {
            var shown = Rows[0].Methods[0].Shown;
            arrays["picture"] = Tensor.Of(Rows.SelectMany(r => r.Methods[0].Shown.Pixels).ToArray(), Rows.Count, shown.Height, shown.Width, 3);
            foreach (var (i, method) in Rows[0].Methods.Index()) arrays[NameOf(method.Method)] = Tensors.Stack([.. Rows.Select(r => r.Methods[i].Attribution)]);
        }

        return new Piece(
            new JsonObject
            {
                ["rows"] = new JsonArray([.. Rows.Select(r => new JsonObject
                {
                    ["picture"] = r.Methods[0].Picture,
                    ["index"] = r.Picture,
                    ["sha256"] = r.File.Sha256,
                    ["subject"] = r.Methods[0].Subject,
                    ["unit"] = r.Methods[0].Unit,
                    ["position"] = r.Position is { } position ? JsonText.Array(position.Indices) : null,
                    ["box"] = r.Box?.DeepClone(),
                    ["layout"] = JsonText.Array([r.Methods[0].Layout.Channels, r.Methods[0].Layout.Depth, r.Methods[0].Layout.Height, r.Methods[0].Layout.Width]),
                    ["methods"] = new JsonArray([.. r.Methods.Select(m => new JsonObject
                    {
                        ["score"] = m.Score, ["layer"] = m.Layer, ["baseline_score"] = m.Completeness?.BaselineScore, ["completeness_residual"] = m.Completeness?.Residual, ["steps"] = m.Steps,
                        ["caveats"] = SaliencyCaveats.ToJson(m.Caveats),
                    })]),
                })]),
                ["skipped"] = new JsonArray([.. Skipped.Select(s => new JsonObject { ["index"] = s.Index, ["file"] = s.Name, ["reason"] = s.Reason, ["named"] = s.IsNamed })]),
            },
            arrays);
    }

    /// <param name="piece">As it was packed.</param>
    /// <param name="methods">In the same order.</param>
    /// <param name="conventions">Of the model.</param>
    public static SaliencyPiece Unpack(Piece piece, IReadOnlyList<SaliencyMethod> methods, PictureConventions conventions) => new(
        [.. piece.Facts["rows"]!.AsArray().Select((facts, row) =>
        {
            var pixels = piece.Arrays["picture"];
            var shown = new Image((int)pixels.Dims[2], (int)pixels.Dims[1]);
            pixels.Bytes.AsSpan(row * shown.Pixels.Length, shown.Pixels.Length).CopyTo(shown.Pixels);
            var box = facts!["box"]?.DeepClone().AsObject();
            var (picture, sha256) = (facts!["picture"]!.GetValue<string>(), facts["sha256"]!.GetValue<string>());
            int[] lengths = [.. facts["layout"]!.AsArray().Select(n => n!.GetValue<int>())];
            var layout = new InputLayout(conventions.Axes, lengths[0], lengths[1], lengths[2], lengths[3]);
            return new SaliencyRow(
                facts["index"]!.GetValue<int>(),
                new InputFile(picture, sha256, picture),
                [.. facts["methods"]!.AsArray().Select((m, i) => new Explained(
                    picture, shown, facts["subject"]!.GetValue<string>(), facts["unit"]!.GetValue<long>(), m!["score"]!.GetValue<float>(), methods[i],
                    Tensors.Rows(piece.Arrays[NameOf(methods[i])], row, 1), conventions)
                {
                    Layout = layout,
                    Layer = m["layer"]?.GetValue<string>(),
                    Box = box is null ? null : ExplainedBox.Shown(box),
                    Completeness = m["baseline_score"] is { } baseline ? (baseline.GetValue<float>(), m["completeness_residual"]!.GetValue<double>()) : null,
                    Steps = m["steps"]?.GetValue<int>(),
                    Caveats = SaliencyCaveats.FromJson(m["caveats"]!.AsArray()),
                })])
            {
                Position = facts["position"] is JsonArray position ? new MapPosition([.. position.Select(p => p!.GetValue<int>())]) : null,
                Box = box,
            };
        })],
        [.. piece.Facts["skipped"]!.AsArray().Select(s => new SkippedPicture(
            s!["index"]!.GetValue<int>(), s["file"]!.GetValue<string>(), s["reason"]!.GetValue<string>(), s["named"]!.GetValue<bool>()))]);

    private static string NameOf(SaliencyMethod method) => $"attribution {method.Word}";
}

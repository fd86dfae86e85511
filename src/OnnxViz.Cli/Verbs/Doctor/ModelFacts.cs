using System.Text.Json.Nodes;
using OnnxViz.Doctor;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>What was found of a model, as JSON.</summary>
internal static class ModelFacts
{
    public static JsonObject Of(Examination found, IReadOnlyList<string> given, IReadOnlyList<string> commands)
    {
        var model = found.Model;
        return new JsonObject
        {
            ["verb"] = "doctor",
            ["model"] = model.Name,
            ["file"] = new JsonObject
            {
                ["opset"] = model.Graph.Opset,
                ["producer"] = model.File.ProducerName,
                ["size"] = model.File.Length,
                ["nodes"] = model.Graph.Nodes.Count,
                ["parameters"] = found.Cost.Parameters,
                ["macs"] = found.Cost.Macs,
            },
            ["input"] = Input(found),
            ["conventions"] = Conventions(model),
            ["other_inputs"] = new JsonArray([.. InputWords.Others(found, given).Select(o =>
            {
                var json = FileWords.Json(o.Input);
                json["fed"] = model.OtherInputs.ContainsKey(o.Input);
                return json;
            })]),
            ["batch"] = found.Rows,
            ["outputs"] = new JsonArray([.. model.Graph.Outputs.Select(FileWords.Json)]),
            ["classes"] = Classes(found),
            ["no_classes"] = found.NoClasses,
            ["boxes"] = found.Detector is { IsSure: true } detector ? detector.Description : null,
            ["layers"] = found.Layers,
            ["begin_with"] = new JsonArray([.. found.Start.Select(Start)]),
            ["cam_layer"] = found.Maps?.Name,
            ["max_pools"] = found.Pools,
            ["quantized"] = model.IsQuantized,
            ["half_precision"] = model.HadHalves,
            ["no_gradient"] = JsonText.Array(found.Coverage?.Uncovered.Where(u => u.OnPath).Select(u => u.Operator).Distinct() ?? []),
            ["memory"] = found.Cost.Forward,
            ["memory_with_gradient"] = found.Cost.WithGradient,
            ["can"] = new JsonArray([.. found.Abilities.Select(a => new JsonObject
            {
                ["what"] = a.Feature,
                ["methods"] = a.Methods.Count == 0 ? null : JsonText.Array(a.Methods),
                ["works"] = a.Obstacle is null,
                ["reason"] = a.Obstacle,
            })]),
            ["try"] = JsonText.Array(commands),
        };
    }

    private static JsonObject Input(Examination found)
    {
        var (model, c) = (found.Model, found.Model.Conventions);
        var json = FileWords.Json(model.Input);
        json["kind"] = c.Kind;
        json["layout"] = c.Axes.Letters();
        json["channels"] = c.Channels;
        json["open"] = JsonText.Array(InputWords.Open(model));
        json["takes_other_sizes"] = found.TakesOtherSizes;
        json["takes_picture_files"] = c.TakesPictures;
        json["fed_shape"] = JsonText.Array(found.InputDims);
        return json;
    }

    private static JsonObject Conventions(VisionModel model)
    {
        var json = new JsonObject([.. model.Conventions.Texts.Select(t => KeyValuePair.Create(t.Name, (JsonNode?)t.Text))]);
        json["guessed"] = !model.IsDescribed;
        json["source"] = model.IsDescribed ? InputWords.Source(model) : null;
        return json;
    }

    private static JsonObject? Classes(Examination found) => found.Classes is not { } c ? null : new JsonObject
    {
        ["tensor"] = c.Scores.Name,
        ["layer"] = found.Model.Layers.NameOf(c.Scores),
        ["in_front_of"] = c.Behind,
        ["count"] = c.Count,
        ["positions"] = c.Positions,
        ["probability_kind"] = AnswerWords.Word(c.Kind),
        ["labels"] = found.Model.Labels?.Count,
        ["label_source"] = found.Model.LabelSource,
    };

    private static JsonObject Start(StartLayer start) => new()
    {
        ["layer"] = start.Layer.Name,
        ["shape"] = JsonText.Array(start.Dims),
        ["receptive_field"] = start.Height.IsUnbounded || start.Width.IsUnbounded ? null : new JsonArray(start.Height.Size, start.Width.Size),
        ["gradient"] = start.NoGradient is null,
    };
}

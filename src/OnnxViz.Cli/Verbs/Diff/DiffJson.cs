using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Verbs.Diff;

/// <summary>What was found, for programs.</summary>
internal static class DiffJson
{
    public static JsonObject Of(DiffFindings f) => new()
    {
        ["verb"] = "diff",
        ["before"] = f.Before,
        ["after"] = f.After,
        ["pictures"] = f.Pictures.Count,
        ["layers"] = new JsonArray([.. f.Layers.Select(l => new JsonObject
        {
            ["layer"] = l.Pair.Before.Name, ["after"] = l.Pair.After.Name, ["by_name"] = l.Pair.IsByName, ["units"] = l.Pair.Units, ["change"] = l.Whole,
        })]),
        ["units"] = new JsonArray([.. f.Units.Select(u => new JsonObject { ["layer"] = u.Layer.Pair.Before.Name, ["unit"] = u.Unit, ["change"] = u.Change })]),
        ["answers"] = new JsonArray([.. f.Answers.Select(a => new JsonObject { ["picture"] = a.Picture, ["same"] = !a.IsOther, ["before"] = Answer(a.Before), ["after"] = Answer(a.After) })]),
        ["classes"] = new JsonArray([.. f.Classes.Select(c => new JsonObject { ["class"] = c.Class, ["name"] = c.Name, ["before"] = c.Before, ["after"] = c.After })]),
        ["saliency"] = new JsonArray([.. f.Maps.Select(m => new JsonObject { ["picture"] = m.Picture, ["subject"] = m.Subject, ["moved"] = m.Move.Moved, ["shift"] = m.Move.Shift })]),
    };

    /// <summary>What made a sheet.</summary>
    public static JsonObject Manifest(DiffVerb verb, DiffFindings f) => new()
    {
        ["program"] = $"onnxviz {Manual.Version}",
        ["verb"] = "diff",
        ["models"] = JsonText.Array([Path.GetFileName(f.Before), Path.GetFileName(f.After)]),
        ["options"] = new JsonObject { ["method"] = verb.Method, ["steps"] = verb.Steps, ["seed"] = verb.Seed },
    };

    private static JsonObject Answer((int Class, string Name, float Number) answer) => new() { ["class"] = answer.Class, ["name"] = answer.Name, ["number"] = answer.Number };
}

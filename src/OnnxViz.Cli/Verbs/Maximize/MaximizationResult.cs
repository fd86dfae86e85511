using System.Text.Json.Nodes;
using OnnxViz.Cli.Results;
using OnnxViz.Maximize;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>A picture that was found, and what for.</summary>
internal sealed record MaximizationResult(Trial Trial, Subject Subject, Maximization Found)
{
    private string? Recipe => Trial.Flags.Recipe;

    /// <summary>"conv4_3 25", with the recipe where there is one.</summary>
    public string Text => Recipe is null ? Subject.Label : $"{Subject.Label} {Recipe}";

    /// <param name="stem">What file names begin with.</param>
    /// <param name="labels">Where the label goes.</param>
    /// <param name="trials">How many recipes there are side by side.</param>
    /// <param name="subjects">How many pictures each makes.</param>
    public PictureResult ToPicture(string stem, string labels, int trials, int subjects)
    {
        var label = labels switch
        {
            "none" => "",
            "box" when trials == 1 => Subject.Short,
            _ when trials == 1 => Subject.Label,
            // Of one unit, which is the title then, only the recipes differ.
            _ => subjects == 1 ? Recipe! : $"{Subject.Short} {Recipe}",
        };
        return new($"{stem}_{Text}", Found.Active == false && label.Length > 0 ? $"{label} (never active)" : label, Found.Picture, Facts());
    }

    public JsonObject Facts()
    {
        var facts = new JsonObject { ["subject"] = Subject.Label };
        if (Recipe is not null) facts["recipe"] = Recipe;
        if (Found.Unit is { } unit) facts["unit"] = unit;
        (facts["objective"], facts["steps"]) = (Found.Objective, Found.Steps);
        if (Found.Active is { } active) facts["active"] = active;
        return facts;
    }
}

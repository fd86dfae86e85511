using System.Text.Json.Nodes;
using OnnxViz.Maximize;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>A picture that was found for a target.</summary>
/// <param name="Recipe">By which it was found; null for none.</param>
/// <param name="Target">What is maximised.</param>
/// <param name="Found">The result.</param>
internal sealed record MaximizationResult(string? Recipe, Target Target, Maximization Found)
{
    /// <summary>"conv4_3 25", with the recipe where there is one.</summary>
    public string Text => Recipe is null ? Target.Label : $"{Target.Label} {Recipe}";

    /// <param name="stem">What file names begin with.</param>
    /// <param name="sheet">Says what is written below it.</param>
    public PictureResult ToPicture(string stem, MaximizationSheet sheet) =>
        new($"{stem}_{Text}", sheet.Label(Target.Label, Target.Short, Recipe, Found.Active == false), Found.Picture, Facts());

    public JsonObject Facts()
    {
        var facts = new JsonObject { ["subject"] = Target.Label };
        if (Recipe is not null) facts["recipe"] = Recipe;
        if (Found.Unit is { } unit) facts["unit"] = unit;
        (facts["objective"], facts["steps"]) = (Found.Objective, Found.Steps);
        if (Found.Active is { } active) facts["active"] = active;
        return facts;
    }
}

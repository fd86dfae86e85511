using System.Text.Json.Nodes;
using OnnxViz.Maximize;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>A picture that was found for a target.</summary>
/// <param name="Recipe">By which it was found; null for none.</param>
/// <param name="Index">Of the target among those of its run.</param>
/// <param name="Target">What is maximised.</param>
/// <param name="Picture">The result.</param>
/// <param name="Objective">See <see cref="Maximization.Objective"/>.</param>
/// <param name="Steps">See <see cref="Maximization.Steps"/>.</param>
/// <param name="Active">See <see cref="Maximization.Active"/>.</param>
internal sealed record MaximizationResult(string? Recipe, int Index, Target Target, Image Picture, float Objective, int Steps, bool? Active)
{
    /// <summary>Name of the fact that says so.</summary>
    public const string Partial = "interrupted";

    /// <summary>See <see cref="Maximization.Input"/>; null where it is of no use.</summary>
    public Tensor? Input { get; init; }

    /// <summary>See <see cref="Maximization.Alpha"/>; null where it is of no use.</summary>
    public Tensor? Alpha { get; init; }

    /// <summary>Whether it was interrupted on its way.</summary>
    public bool IsPartial { get; init; }

    /// <summary>"conv4_3 25", with the recipe where there is one.</summary>
    public string Text => TextOf(Recipe, Target);

    /// <inheritdoc cref="Text"/>
    public static string TextOf(string? recipe, Target target) => recipe is null ? target.Label : $"{target.Label} {recipe}";

    /// <exception cref="OnnxVizException">It holds NaN or infinite numbers.</exception>
    public static MaximizationResult Of(MaximizeRun run, int index, Maximization found) =>
        new(run.Variant.Recipe, index, run.Targets[index], found.Picture, found.Objective, found.Steps, found.Active)
        {
            Input = Finite.Checked(found.Input, "the picture found", run.Model.Name),
            Alpha = found.Alpha,
        };

    /// <param name="stem">What file names begin with.</param>
    /// <param name="sheet">Says what is written below it.</param>
    public PictureResult ToPicture(string stem, MaximizationSheet sheet) =>
        new($"{stem}_{Text}", sheet.Label(Target.Label, Target.Short, Recipe, Active == false), Picture, Facts()) { Place = Index };

    public JsonObject Facts()
    {
        var facts = new JsonObject { ["subject"] = Target.Label };
        if (Recipe is not null) facts["recipe"] = Recipe;
        if (Target.Goal.Objective.OnlyUnit is { } unit) facts["unit"] = unit;
        if (Target.Goal.Objective.OnlyPosition is { } position) facts["position"] = JsonText.Array(position.Indices);
        (facts["objective"], facts["steps"]) = (Objective, Steps);
        if (Active is { } active) facts["active"] = active;
        if (IsPartial) facts[Partial] = true;
        return facts;
    }
}

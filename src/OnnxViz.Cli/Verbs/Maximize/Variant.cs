using OnnxViz.Maximize;
using OnnxViz.Options;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>One way to maximise the targets: a recipe with what was typed beside it, or what was typed alone.</summary>
/// <param name="Recipe">Its name; null for none.</param>
/// <param name="Options">How pictures are found.</param>
/// <param name="Sheet">How they are laid out.</param>
internal sealed record Variant(string? Recipe, MaximizeOptions Options, LabelledSheetOptions Sheet)
{
    /// <summary>One for each recipe that was named.</summary>
    /// <exception cref="OnnxVizException">There is no such recipe; a value that an option cannot take; options that do not go together.</exception>
    public static IReadOnlyList<Variant> Of(MaximizeVerb verb) => verb.Recipe is null
        ? [Of(verb, null)]
        : [.. verb.Recipe.Split(',', StringSplitOptions.TrimEntries).Select(name => Of(verb, MaximizeRecipe.Find(name)))];

    private static Variant Of(MaximizeVerb verb, MaximizeRecipe? recipe) => new(
        recipe?.Name,
        MaximizeOptions.Of([.. recipe?.Options ?? [], .. verb.Given<MaximizeOptions>()], verb.Class is not null) with { Seed = verb.Seed },
        OptionTable.With(new LabelledSheetOptions(), [.. recipe?.Sheet ?? [], .. verb.Given<LabelledSheetOptions>()]));
}

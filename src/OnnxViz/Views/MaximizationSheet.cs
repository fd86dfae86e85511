using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>How pictures of maximised units are laid out: unit by unit, and where there are several recipes one column for each.</summary>
internal sealed class MaximizationSheet
{
    private readonly SheetLabels _labels;
    private readonly int _targets;
    private readonly int _recipes;

    /// <param name="options">How it looks.</param>
    /// <param name="layer">That holds the units; null for classes.</param>
    /// <param name="targets">Label of each picture, such as "conv4_3 25", of one recipe.</param>
    /// <param name="recipes">How many recipes there are side by side.</param>
    public MaximizationSheet(LabelledSheetOptions options, string? layer, IReadOnlyList<string> targets, int recipes = 1)
    {
        (_labels, _targets, _recipes) = (options.Labels, targets.Count, recipes);
        // A page has whole rows.
        PageSize = Math.Max(1, options.PageSize / recipes) * recipes;
        Grid = new GridOptions
        {
            Columns = options.Columns ?? (recipes > 1 ? recipes : null),
            Background = options.Background,
            Labels = options.Labels == SheetLabels.Box ? LabelPlacement.OnTile : LabelPlacement.Below,
            // What the labels leave out.
            Title = options.Title ?? (recipes > 1 ? targets is [var only] ? only : layer : options.Labels == SheetLabels.Box ? layer : null),
        };
    }

    /// <summary>Pictures on one page.</summary>
    public int PageSize { get; }

    public GridOptions Grid { get; }

    /// <summary>What is written at a picture.</summary>
    /// <param name="label">Such as "conv4_3 25".</param>
    /// <param name="shortLabel">Without the layer: "25".</param>
    /// <param name="recipe">Its name; null for none.</param>
    /// <param name="isDead">Whether the unit never responded.</param>
    public string Label(string label, string shortLabel, string? recipe, bool isDead)
    {
        var text = _labels switch
        {
            SheetLabels.None => "",
            SheetLabels.Box when _recipes == 1 => shortLabel,
            _ when _recipes == 1 => label,
            // Of one unit, which is the title then, only the recipes differ.
            _ => _targets == 1 ? recipe! : $"{shortLabel} {recipe}",
        };
        return isDead && text.Length > 0 ? $"{text} (never active)" : text;
    }
}

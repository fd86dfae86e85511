using OnnxViz.Cli.Shell;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>How the pictures of `maximize` are laid out: unit by unit, and where there are several recipes one column for each.</summary>
internal sealed class MaximizationSheet
{
    private const int DefaultPage = 64;

    /// <exception cref="OnnxVizException">An unknown word, or numbers that make no sheet.</exception>
    public MaximizationSheet(IReadOnlyList<Trial> trials)
    {
        var flags = trials[0].Flags;
        Labels = Choice.Of("--labels", flags.Labels ?? "below", ("below", "below"), ("box", "box"), ("none", "none"));
        if (flags.PageSize is < 1) throw OnnxVizException.Usage($"--page-size {flags.PageSize}: at least one picture has to fit on a page.");
        // A page has whole rows.
        PageSize = Math.Max(1, (flags.PageSize ?? DefaultPage) / trials.Count) * trials.Count;
        Grid = new GridOptions
        {
            Columns = flags.Columns ?? (trials.Count > 1 ? trials.Count : null),
            Background = Choice.Of("--background", flags.Background ?? "white", ("white", GridBackground.White), ("black", GridBackground.Black)),
            Labels = Labels == "box" ? LabelPlacement.OnTile : LabelPlacement.Below,
            Title = flags.Title ?? Title(trials),
        };
    }

    /// <summary>below, box or none.</summary>
    public string Labels { get; }

    public int PageSize { get; }

    public GridOptions Grid { get; }

    /// <summary>What the labels leave out.</summary>
    private string? Title(IReadOnlyList<Trial> trials)
    {
        var layer = trials[0].Flags.Layer;
        return trials.Count > 1 ? (trials[0].Subjects is [var only] ? only.Label : layer) : Labels == "box" ? layer : null;
    }
}

namespace OnnxViz.Imaging;

/// <summary>How a <see cref="Grid"/> looks.</summary>
public sealed record GridOptions
{
    /// <summary>One line above the tiles.</summary>
    public string? Title { get; init; }

    public GridBackground Background { get; init; } = GridBackground.White;

    public LabelPlacement Labels { get; init; } = LabelPlacement.Below;

    /// <summary>Tiles in a row; null: as many as make the grid nearly square, full rows preferred.</summary>
    public int? Columns { get; init; }

    /// <summary>Pixels between tiles; null: a sixteenth of the tile's width, at least 2 (tiles) or 6 (with labels below).</summary>
    public int? Padding { get; init; }
}

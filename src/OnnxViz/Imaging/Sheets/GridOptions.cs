namespace OnnxViz.Imaging.Sheets;

/// <summary>One picture of a <see cref="Grid"/> and what is written at it.</summary>
public sealed record GridTile(Image Image, string? Label = null);

public enum GridBackground
{
    /// <summary>White with dark letters, for print.</summary>
    White,

    /// <summary>Black with light letters.</summary>
    Black,
}

public enum LabelPlacement
{
    /// <summary>In the middle below the tile.</summary>
    Below,

    /// <summary>White in a rounded black box in the tile's upper left corner.</summary>
    OnTile,
}

/// <summary>How a <see cref="Grid"/> looks.</summary>
public sealed record GridOptions
{
    /// <summary>Written above the tiles.</summary>
    public string? Title { get; init; }

    public GridBackground Background { get; init; } = GridBackground.White;

    public LabelPlacement Labels { get; init; } = LabelPlacement.Below;

    /// <summary>Tiles in a row; null: as many as make the grid nearly square, full rows preferred.</summary>
    public int? Columns { get; init; }

    /// <summary>Pixels between tiles; null: a sixteenth of the tile's width, at least 2 (tiles) or 6 (with labels below).</summary>
    public int? Padding { get; init; }
}

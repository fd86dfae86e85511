using OnnxViz.Imaging.Sheets;
using OnnxViz.Options;

namespace OnnxViz.Views;

/// <summary>How pictures are laid out side by side.</summary>
internal record SheetOptions
{
    [Option("columns", "Pictures in a row.", Min = 1, Default = "as many as suit the sheet")]
    public int? Columns { get; init; }

    [Option("background", "Of the sheet.")]
    public GridBackground Background { get; init; }
}

/// <summary>Where the labels of a sheet are.</summary>
internal enum SheetLabels
{
    Below,

    /// <summary>In a black box on each picture, without what the title says.</summary>
    Box,

    None,
}

/// <summary>How a sheet of many pictures looks.</summary>
internal sealed record LabelledSheetOptions : SheetOptions
{
    [Option("labels", "On a sheet: below the pictures, or only the unit on each, in a black box, with the layer as title.")]
    public SheetLabels Labels { get; init; }

    [Option("title", "Above the sheet.", Form = "TEXT")]
    public string? Title { get; init; }

    [Option("page-size", "Pictures on a sheet; more go on FILE-1.png, FILE-2.png and so on.", Min = 1)]
    public int PageSize { get; init; } = 64;
}

using OnnxViz.Objectives;
using OnnxViz.Saliency;

namespace OnnxViz.Views;

/// <summary>One picture with the attribution of one score to it.</summary>
/// <param name="Picture">Its name, such as that of its file.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Subject">The class's name, or layer and unit.</param>
/// <param name="Unit">The number of either.</param>
/// <param name="Score">What is explained.</param>
/// <param name="Method">How it was traced back.</param>
/// <param name="Attribution">[1, C, H, W] or [1, H, W, C] as the input, or of a layer's map [1, 1, h, w].</param>
/// <param name="Conventions">Of the model.</param>
public sealed record Explained(string Picture, Image Shown, string Subject, long Unit, float Score, SaliencyMethod Method, Tensor Attribution, PictureConventions Conventions)
{
    /// <summary>Of the row that was explained; of pictures as they are shown.</summary>
    public InputLayout Layout
    {
        get => _layout ?? InputLayout.Of(Conventions.Axes, Conventions.InputDims(1, Shown.Height, Shown.Width));
        init => _layout = value;
    }

    private readonly InputLayout? _layout;

    /// <summary>Of methods that use the maps of a layer its name.</summary>
    public string? Layer { get; init; }

    /// <summary>Where the object is whose score is explained; null where it is none of a detector's boxes.</summary>
    public ShownBox? Box { get; init; }

    /// <summary>Of integrated gradients: the score of the baseline, and by how much the attributions miss the difference.</summary>
    public (float BaselineScore, double Residual)? Completeness { get; init; }

    /// <summary>Of integrated gradients: how many steps were taken.</summary>
    public int? Steps { get; init; }

    /// <summary>What a reader has to know before believing it.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];

    /// <param name="result">Of a batch.</param>
    /// <param name="row">Which row of it.</param>
    /// <param name="model">The network.</param>
    /// <param name="method">How it was traced back.</param>
    /// <param name="picture">Name of the picture.</param>
    /// <param name="shown">As the model saw it.</param>
    /// <param name="subject">The class's name, or layer and unit.</param>
    /// <param name="layout">Of the rows that were explained; null where they were pictures.</param>
    public static Explained Of(SaliencyResult result, int row, VisionModel model, SaliencyMethod method, string picture, Image shown, string subject, InputLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(model);
        return new(picture, shown, subject, result.Units[row], result.Scores[row], method, Tensors.Rows(result.Attribution, row, 1), model.Conventions)
        {
            Layout = layout ?? InputLayout.Of(model.Conventions.Axes, model.Conventions.InputDims(1, shown.Height, shown.Width)),
            Layer = result.MapLayer is { } layer ? model.Layers.NameOf(layer) : null,
            Completeness = result.BaselineScores is { } scores ? (scores[row], result.CompletenessResiduals![row]) : null,
            Steps = result.Steps?[row],
            Caveats = row < result.Caveats.Count ? result.Caveats[row] : [],
        };
    }

    /// <summary>"tabby", "pool5 25", "pool5 25@3,4", "tabby - tiger cat".</summary>
    /// <param name="model">Whose classes or units these are.</param>
    /// <param name="layer">Name of the units' layer; null for classes.</param>
    /// <param name="unit">The class or unit.</param>
    /// <param name="minus">Whose score is subtracted, if any.</param>
    /// <param name="position">The place in the unit's map, if only one is meant.</param>
    public static string SubjectOf(VisionModel model, string? layer, long unit, int? minus, MapPosition? position = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var own = (layer is null ? model.NameOfClass(unit) : $"{layer} {unit}") + (position is null ? "" : $"@{position}");
        return minus is { } other ? $"{own} - {(layer is null ? model.NameOfClass(other) : other)}" : own;
    }

    /// <summary>[H, W], of volumes [D, H, W], of signals [T]: how much each position matters.</summary>
    public float[] Map() => AttributionMap.OfPixels(Attribution, Method.IsLayerMap, Layout);

    /// <summary>The map over the picture, as the method is mostly shown.</summary>
    public Image Overlay() => new SaliencyDrawing { Display = SaliencyDrawing.OverlayOf(Method) }.Draw([this]);

    /// <summary>The picture, the map and the overlay beside each other, with labels.</summary>
    public Image Sheet() => new SaliencyDrawing().Draw([this]);
}

using OnnxViz.Imaging.Sheets;
using OnnxViz.Options;
using OnnxViz.Saliency;

namespace OnnxViz.Views;

/// <summary>How an attribution is drawn.</summary>
public enum SaliencyDisplay
{
    /// <summary>The picture, its map and an overlay beside each other; of several methods each as it is mostly shown.</summary>
    Sheet,

    /// <summary>The largest absolute value over the channels: how much.</summary>
    Absolute,

    /// <summary>The sum over the channels: red for, blue against.</summary>
    Signed,

    /// <summary>Each channel as its colour around a middle gray, as guided backpropagation is mostly shown.</summary>
    Color,

    /// <summary>The absolute map, smoothed, over the picture, which shows where the map is low.</summary>
    Overlay,

    /// <summary>The same half over the picture everywhere, as class activation maps are mostly shown.</summary>
    Blend,
}

/// <summary>Draws attributions.</summary>
public sealed record SaliencyDrawing
{
    private const float OverlayAlpha = 0.75f;

    private const float BlendAlpha = 0.5f;

    /// <summary>Tiles beside each other that a screen shows at their size.</summary>
    private const int WidestRow = 8;

    [Option("display", "What is drawn. A sheet is the picture, the map and an overlay; a blend is a heat map half over the picture.")]
    public SaliencyDisplay Display { get; init; }

    [Option("percentile", "Values beyond this percentile get the strongest colour.", Form = "P", Above = 0, Max = 100, Default = "99, for class activation maps 100")]
    public double? Percentile { get; init; }

    [Option("colormap", "viridis, jet, seismic, RdBu or gray; with _r behind it reversed.", Form = "NAME", Default = "viridis, over pictures jet, of signed maps RdBu_r")]
    public ColorMap? Colors { get; init; }

    /// <summary>Whether these results become a sheet, which has labels.</summary>
    public bool IsSheet(IReadOnlyList<Explained> results) => Display == SaliencyDisplay.Sheet || results.Count > 1;

    /// <param name="results">Of one picture and one score, by one method or several.</param>
    /// <param name="mayWrap">Whether many tiles may take several rows: no other sheet has to line up with this one.</param>
    public Image Draw(IReadOnlyList<Explained> results, bool mayWrap = false)
    {
        ArgumentNullException.ThrowIfNull(results);
        var (first, view) = (results[0], new AttributionView(results[0], Percentile));
        if (!IsSheet(results)) return Draw(first, view, Display);
        var subject = $"{first.Subject} ({Digits.Text(first.Score, 2)})";
        List<GridTile> tiles = results.Count > 1
            ? [new(WithBox(first, first.Shown), subject), .. results.Select(r => new GridTile(Tile(r), r.Method.Word))]
            : [
                new(WithBox(first, first.Shown), first.Picture),
                new(Draw(first, view, ByLook(first.Method)), subject),
                new(Draw(first, view, OverlayOf(first.Method)), first.Method.Word),
            ];
        return Grid.Compose(tiles, new GridOptions { Columns = first.Layout.Axes.IsSignal() ? 1 : mayWrap && tiles.Count > WidestRow ? null : tiles.Count });
    }

    /// <summary>How a method's map is mostly laid over the picture.</summary>
    internal static SaliencyDisplay OverlayOf(SaliencyMethod method) => method.Look == SaliencyLook.Heat ? SaliencyDisplay.Blend : SaliencyDisplay.Overlay;

    private Image Tile(Explained result)
    {
        var how = Display != SaliencyDisplay.Sheet ? Display : result.Method.Look == SaliencyLook.Heat ? SaliencyDisplay.Blend : ByLook(result.Method);
        return Draw(result, new AttributionView(result, Percentile), how);
    }

    private static SaliencyDisplay ByLook(SaliencyMethod method) => method.Look switch
    {
        SaliencyLook.Signed => SaliencyDisplay.Signed,
        SaliencyLook.Color => SaliencyDisplay.Color,
        // Perturbations give signed attributions, class activation maps do not.
        SaliencyLook.Heat when !method.IsLayerMap => SaliencyDisplay.Signed,
        _ => SaliencyDisplay.Absolute,
    };

    private static Image WithBox(Explained explained, Image drawn) => explained.Box?.Over(drawn) ?? drawn;

    /// <summary>A map stays as it is; over a picture there is its box, too.</summary>
    private Image Draw(Explained explained, AttributionView view, SaliencyDisplay how) =>
        how is SaliencyDisplay.Overlay or SaliencyDisplay.Blend ? WithBox(explained, view.Framed(Drawn(explained, view, how))) : view.Framed(Drawn(explained, view, how));

    private Image Drawn(Explained explained, AttributionView view, SaliencyDisplay how)
    {
        switch (how)
        {
            case SaliencyDisplay.Signed:
                var signed = view.Signed();
                return (Colors ?? ColorMap.RdBu.Reversed()).Apply(signed.Map, view.Width, view.Height, signed.Range);
            case SaliencyDisplay.Color when view.HasColors:
                return view.Colored();
            case SaliencyDisplay.Overlay or SaliencyDisplay.Blend:
                var (map, range) = view.Smooth();
                var heat = (Colors ?? (how == SaliencyDisplay.Blend ? ColorMap.Jet : ColorMap.Viridis)).Apply(map, view.Width, view.Height, range);
                return how == SaliencyDisplay.Blend
                    ? Overlay.Blend(explained.Shown, heat, BlendAlpha)
                    : Overlay.Blend(explained.Shown, heat, OverlayAlpha, Array.ConvertAll(map, range.Normalize));
            default:
                var absolute = view.Absolute();
                return (Colors ?? ColorMap.Viridis).Apply(absolute.Map, view.Width, view.Height, absolute.Range);
        }
    }
}

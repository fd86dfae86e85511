using OnnxViz.Imaging;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Models;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>Draws attributions.</summary>
internal sealed class SaliencyPicture(PictureConventions conventions, SaliencyDisplay display, double? percentile, string? colormap)
{
    private const float OverlayAlpha = 0.75f;

    private const float BlendAlpha = 0.5f;

    /// <summary>More tiles beside each other no screen shows at their size.</summary>
    private const int WidestRow = 8;

    private readonly ColorMap? _colors = colormap is null ? null : ColorMap.Find(colormap);

    /// <summary>Whether a picture of these results has its labels already.</summary>
    public bool IsSheet(IReadOnlyList<Explained> results) => display == SaliencyDisplay.Sheet || results.Count > 1;

    /// <param name="results">Of one picture and one score by every method.</param>
    /// <param name="mayWrap">Whether no other row of a sheet has to line up with this one.</param>
    public Image Draw(IReadOnlyList<Explained> results, bool mayWrap = false)
    {
        var (first, view) = (results[0], new AttributionView(results[0], conventions, percentile));
        if (!IsSheet(results)) return Draw(first, view, display);
        var subject = $"{first.Subject} ({Digits.Text(first.Score, 2)})";
        List<GridTile> tiles = results.Count > 1
            ? [new(first.Shown, subject), .. results.Select(r => new GridTile(Tile(r), r.Method.Word))]
            : [
                new(first.Shown, first.Picture),
                new(Draw(first, view, ByLook(first.Method)), subject),
                new(Draw(first, view, first.Method.Look == SaliencyLook.Heat ? SaliencyDisplay.Blend : SaliencyDisplay.Overlay), results[0].Method.Word),
            ];
        return Grid.Compose(tiles, new GridOptions { Columns = mayWrap && tiles.Count > WidestRow ? null : tiles.Count });
    }

    private Image Tile(Explained result)
    {
        var how = display != SaliencyDisplay.Sheet ? display : result.Method.Look == SaliencyLook.Heat ? SaliencyDisplay.Blend : ByLook(result.Method);
        return Draw(result, new AttributionView(result, conventions, percentile), how);
    }

    private static SaliencyDisplay ByLook(MethodChoice method) => method.Look switch
    {
        SaliencyLook.Signed => SaliencyDisplay.Signed,
        SaliencyLook.Color => SaliencyDisplay.Color,
        // Of what is covered some speaks for and some against; class activation maps have no sign.
        SaliencyLook.Heat when !method.IsLayerMap => SaliencyDisplay.Signed,
        _ => SaliencyDisplay.Absolute,
    };

    private Image Draw(Explained explained, AttributionView view, SaliencyDisplay how)
    {
        switch (how)
        {
            case SaliencyDisplay.Signed:
                var signed = view.Signed();
                return (_colors ?? ColorMap.RdBu.Reversed()).Apply(signed.Map, view.Width, view.Height, signed.Range);
            case SaliencyDisplay.Color when view.HasColors:
                return view.Colored();
            case SaliencyDisplay.Overlay or SaliencyDisplay.Blend:
                var (map, range) = view.Smooth();
                var heat = (_colors ?? (how == SaliencyDisplay.Blend ? ColorMap.Jet : ColorMap.Viridis)).Apply(map, view.Width, view.Height, range);
                return how == SaliencyDisplay.Blend
                    ? Overlay.Blend(explained.Shown, heat, BlendAlpha)
                    : Overlay.Blend(explained.Shown, heat, OverlayAlpha, Array.ConvertAll(map, range.Normalize));
            default:
                var absolute = view.Absolute();
                return (_colors ?? ColorMap.Viridis).Apply(absolute.Map, view.Width, view.Height, absolute.Range);
        }
    }
}

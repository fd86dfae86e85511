using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>One page on which a slider goes through the checkpoints; nothing on it comes from elsewhere.</summary>
internal sealed class EvolutionPage(EvolutionStory story)
{
    /// <summary>Larger pictures are made smaller: a page has some hundred of them.</summary>
    private const int LargestSide = 160;

    private readonly Dictionary<string, int> _known = [];
    private readonly JsonArray _images = [];

    private EvolutionScene Scene => story.Scene;

    public string Page()
    {
        var units = new JsonArray([.. Scene.Units.Select((unit, u) => new JsonObject
        {
            ["unit"] = unit,
            ["cells"] = new JsonArray([.. Scene.Columns.Select((_, c) => Cell(u, c))]),
        })]);
        var columns = new JsonArray([.. Scene.Columns.Select(c => new JsonObject { ["label"] = c.Label, ["accuracy"] = c.AccuracyText, ["share"] = c.Accuracy })]);
        // The default encoder writes <, > and & as escapes: nothing in it can end the element that it stands in.
        var data = new JsonObject { ["columns"] = columns, ["units"] = units, ["images"] = _images }.ToJsonString();
        var last = Scene.Columns.Count - 1;
        var title = $"{Scene.Layer} of {Scene.Network}";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escaped(title)}: features being born</title>
            <style>
            {HtmlStyle.Css}
            {EvolutionPageParts.Css}
            </style>
            </head>
            <body>
            <header>
            <h1>{Escaped(title)}</h1>
            <p>{Scene.Units.Count} {(Scene.Units.Count == 1 ? "unit" : "units")} of {Escaped(Scene.Layer)} while the network learns {Escaped(story.Data.Name)}. Of each, at every checkpoint: the training
            picture that excites it most, with what it sees of that marked; that part; the deconvnet projection of that part{(Scene.Units.Count > 0 && Scene.Cell(0, last).Maximized is null ? "" : "; and what the unit responds to most strongly, found from the same noise every time")}.</p>
            </header>
            <div class="bar"><div class="inner">
            <button id="play" type="button" aria-label="Play">&#9654;</button>
            <input id="at" type="range" min="0" max="{last}" value="{last}" step="1" aria-label="Checkpoint">
            <output id="label" for="at"></output>
            <svg id="curve" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true"></svg>
            </div></div>
            <main><div class="results" id="units"></div>
            <p class="hint">Arrow keys go from checkpoint to checkpoint, Home and End to the first and the last, space plays. Cosine: between the unit's kernel and that of the
            checkpoint before; overlap: pictures that both checkpoints' strongest have in common, of all in either.</p>
            {Curve()}
            <noscript><p>The page needs JavaScript to go through the checkpoints; the sheet beside it shows them all at once.</p></noscript>
            </main>
            <script id="data" type="application/json">{data}</script>
            <script>
            {EvolutionPageParts.Script}
            </script>
            </body>
            </html>

            """;
    }

    private string Curve()
    {
        if (story.Checkpoints.Count < 2) return "";
        var svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(Curves.Svg(EvolutionCurves.Of(story))));
        return $"<figure class=\"curves\"><img src=\"data:image/svg+xml;base64,{svg}\" alt=\"How far each unit moved from checkpoint to checkpoint\"></figure>";
    }

    private JsonObject Cell(int unit, int column)
    {
        var cell = Scene.Cell(unit, column);
        var (picture, field) = (cell.Picture, cell.Field);
        var movement = story.MovementOf(unit, column);
        return new JsonObject
        {
            ["picture"] = Image(picture),
            ["box"] = new JsonArray(
                Percent(field.X, picture.Width), Percent(field.Y, picture.Height), Percent(field.Width, picture.Width), Percent(field.Height, picture.Height)),
            ["patch"] = Image(Cut(picture, field)),
            ["projection"] = Image(Cut(cell.Projection, field)),
            ["maximized"] = cell.Maximized is null ? null : Image(Cut(cell.Maximized, cell.MaximizedField)),
            ["strength"] = cell.Strength,
            ["cosine"] = movement?.Cosine is { } cosine ? Digits.Text(cosine, 3) : null,
            ["overlap"] = movement is null ? null : Digits.Text(movement.Overlap, 2),
        };
    }

    /// <summary>Where it stands among the page's pictures; equal ones are there once.</summary>
    private int Image(Image image)
    {
        var longer = Math.Max(image.Width, image.Height);
        if (longer > LargestSide) image = Resampler.Resize(image, Scaled(image.Width), Scaled(image.Height), ResampleFilter.Bicubic);
        var uri = $"data:image/png;base64,{Convert.ToBase64String(PngWriter.Encode(image))}";
        if (_known.TryGetValue(uri, out var at)) return at;
        _images.Add(uri);
        return _known[uri] = _images.Count - 1;

        int Scaled(int side) => Math.Max(1, (int)Math.Round((double)side * LargestSide / longer));
    }

    private static Image Cut(Image image, PixelBox field) => ImageOps.Crop(image, field.X, field.Y, field.Width, field.Height);

    private static double Percent(int part, int whole) => Math.Round(100.0 * part / whole, 2);

    private static string Escaped(string text) => WebUtility.HtmlEncode(PlainText.Of(text));
}

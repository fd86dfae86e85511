using OnnxViz.Imaging.Sheets;
using OnnxViz.Invert;

namespace OnnxViz.Views;

/// <summary>What was found from one picture's codes, and how it is shown.</summary>
/// <param name="Picture">Its file's name.</param>
/// <param name="Shown">As the model saw it.</param>
/// <param name="Layers">Names of the layers.</param>
/// <param name="Found">Layer by layer, the best start first.</param>
/// <param name="Options">How it was found.</param>
internal sealed record InversionStrip(string Picture, Image Shown, IReadOnlyList<string> Layers, IReadOnlyList<Inverted> Found, InvertOptions Options)
{
    /// <summary>The original and beside it what was found, with the layer and the error; several starts have a row for each layer.</summary>
    public Image Draw(SheetOptions options)
    {
        var tiles = new List<GridTile>();
        foreach (var row in Found.GroupBy(f => Options.Restarts > 1 ? f.Layer : 0))
            tiles.AddRange([new GridTile(Shown, Picture), .. row.Select(f => new GridTile(f.Picture, Label(f)))]);
        var columns = options.Columns ?? 1 + (Options.Restarts > 1 ? Options.Restarts : Found.Count);
        return Grid.Compose(tiles, new GridOptions { Columns = Math.Min(columns, tiles.Count), Background = options.Background });
    }

    /// <summary>A caricature is meant to differ in size: what counts is the direction.</summary>
    public string Label(Inverted f) => Options.Recipe == InversionRecipe.Caricature
        ? $"{Layers[f.Layer]} (cos {f.Cosine:0.00})"
        : $"{Layers[f.Layer]} ({Error(f.Error)})";

    /// <summary>Two digits that count.</summary>
    public static string Error(double error) => error switch
    {
        >= 1000 => Digits.Text(error),
        >= 0.1 => $"{error:0.00}",
        >= 0.01 => $"{error:0.000}",
        >= 0.001 => $"{error:0.0000}",
        0 => "0",
        _ => $"{error:0.0e-0}",
    };
}

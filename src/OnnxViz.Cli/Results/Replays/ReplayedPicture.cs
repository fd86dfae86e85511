using System.Globalization;
using System.Text.Json.Nodes;
using OnnxViz.Imaging.Compare;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>A picture, and the one that its manifest makes here and now.</summary>
internal sealed record ReplayedPicture
{
    private ReplayedPicture(PictureManifest manifest, Image before) => (Manifest, Before) = (manifest, before);

    public PictureManifest Manifest { get; }

    public Image Before { get; }

    public required Image After { get; init; }

    /// <summary>The new picture's file, with its own manifest.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Null where the pictures have different sizes.</summary>
    public PixelDistance? Distance { get; init; }

    /// <summary>Root mean square error of the worst 8x8 block, in levels; infinite where the sizes differ.</summary>
    public double Worst { get; init; } = double.PositiveInfinity;

    /// <summary>What is not as it was: a word and a sentence about each.</summary>
    public required IReadOnlyList<(string What, string Text)> Changes { get; init; }

    /// <summary>"identical", or how far the pictures are apart.</summary>
    public string Text => Distance is not { } d
        ? $"another size: {Before.Width}x{Before.Height} before, {After.Width}x{After.Height} now"
        : d.Max == 0 ? "identical, pixel for pixel" : string.Create(CultureInfo.InvariantCulture,
            $"largest difference {d.Max} of 255, mean {d.Mean:0.####}, {100 * d.Share:0.##} % of the pixels differ, worst 8x8 block off by {Worst:0.##}");

    public static ReplayedPicture Of(PictureManifest manifest, Image before, Image after, byte[] bytes, IReadOnlyList<(string What, string Text)> changes)
    {
        var comparable = (before.Width, before.Height) == (after.Width, after.Height);
        return new ReplayedPicture(manifest, before)
        {
            After = after,
            Bytes = bytes,
            Changes = changes,
            Distance = comparable ? PixelDistance.Between(before, after) : null,
            Worst = comparable ? ImageComparison.Compare(before, after).Worst.Rms : double.PositiveInfinity,
        };
    }

    /// <param name="tolerance">Levels by which the worst block may be off; at 0 no pixel may differ.</param>
    public bool IsWithin(double tolerance) => Distance is { } d && (tolerance > 0 ? Worst <= tolerance : d.Max == 0);

    public JsonObject ToJson(double tolerance) => new()
    {
        ["picture"] = Manifest.File,
        ["same"] = IsWithin(tolerance),
        ["max"] = Distance?.Max,
        ["mean"] = Distance?.Mean,
        ["share"] = Distance?.Share,
        ["worst_block"] = double.IsFinite(Worst) ? Worst : null,
        ["changed"] = new JsonObject(Changes.Select(c => KeyValuePair.Create(c.What, (JsonNode?)c.Text))),
    };
}

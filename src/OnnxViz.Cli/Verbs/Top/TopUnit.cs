using System.Text.Json.Nodes;
using OnnxViz.Cli.Verbs.Deconv;
using OnnxViz.Models;
using OnnxViz.Top;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>A unit with its strongest pictures.</summary>
/// <param name="Unit">Of the layer.</param>
/// <param name="Entries">The strongest first.</param>
internal sealed record TopUnit(int Unit, IReadOnlyList<TopEntry> Entries)
{
    public JsonObject Facts(IReadOnlyList<PictureFile> files, LayerFields fields) => new()
    {
        ["unit"] = Unit,
        ["top"] = new JsonArray([.. Entries.Select(e => new JsonObject
        {
            ["file"] = files[e.File].Name,
            ["activation"] = e.Activation,
            ["position"] = new JsonArray(fields.At(e.Position).Row, fields.At(e.Position).Column),
            ["field"] = Projection.FactsOf(fields.Box(e.Position)),
        })]),
    };
}

using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Features;
using OnnxViz.Graphs.Fields;

namespace OnnxViz.Cli.Verbs.Summary;

[Verb("summary", HelpText = "List the layers of a network: names, shapes, parameters, work, receptive fields.")]
internal sealed class SummaryVerb : ModelArgument
{
    [Value(0, MetaName = "MODEL", HelpText = "An .onnx file, or the name of a known model; vgg16-body by default.")]
    public override string? Name { get; set; }

    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the picture for which shapes and work are told; by default the model's own.")]
    public string? Size { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("The layers of a carried model", new SummaryVerb { Name = "vgg16-body" }),
        Manual.Example("For another program", new SummaryVerb { Name = "net.onnx", Size = "320x240", Json = true }),
    ];

    public override int Run(Output output)
    {
        using var model = Load(Named ?? "vgg16-body");
        var (height, width) = Size is null ? (model.Conventions.Height, model.Conventions.Width) : Numbers.Size("--size", Size);
        var dims = model.Conventions.InputDims(1, height, width);
        dims[0] = ShapedModels.PicturesAtOnce(model, dims);
        var summary = LayerSummary.Of(model.Graph, model.Layers, ShapedModels.Layers(model, dims), (int)dims[0]);

        output.Say($"{model.Name}: input {model.Input.Name} [{Shapes.Text(dims)}]");
        output.Table(["layer", "op", "output", ">parameters", ">MACs", ">receptive field", ">stride"], summary.Rows.Select(Cells));
        if (summary.Rows.Any(r => !Shapes.IsStatic(r.Shape)))
            output.Say("?: not known before the network runs, or it depends on more than the picture.");
        output.Say($"Total: {summary.TotalParameters:N0} parameters, {summary.TotalMacs:N0} MACs ({summary.TotalMacs / 1e9:0.00} G) for one {model.Conventions.Kind} of {(model.Conventions with { Height = height, Width = width }).Size}.");
        if (!output.IsJson) return 0;
        output.Object(new JsonObject
        {
            ["verb"] = "summary",
            ["model"] = model.Name,
            ["input_shape"] = JsonText.Array(dims),
            ["layers"] = new JsonArray([.. summary.Rows.Select(ToJson)]),
            ["total_params"] = summary.TotalParameters,
            ["total_macs"] = summary.TotalMacs,
        });
        return 0;
    }

    private static string[] Cells(LayerRow row) =>
    [
        row.Name,
        row.Op,
        row.Shape is null ? "?" : Shapes.Text(row.Shape),
        row.Parameters == 0 ? "" : $"{row.Parameters:N0}",
        row.Macs switch { null => "?", 0 => "", var macs => $"{macs:N0}" },
        Field(row, f => f.Size),
        Field(row, f => f.Jump),
    ];

    private static string Field(LayerRow row, Func<ReceptiveField, double> number)
    {
        if (row.Height.IsUnbounded || row.Width.IsUnbounded) return "all";
        var (h, w) = (number(row.Height), number(row.Width));
        return h == w ? $"{h:0.##}" : $"{h:0.##}x{w:0.##}";
    }

    private static JsonObject ToJson(LayerRow row) => new()
    {
        ["name"] = row.Name,
        ["node"] = row.Layer.NodeName,
        ["tensor"] = row.Layer.Value.Name,
        ["op"] = row.Op,
        ["output_shape"] = row.Shape is null ? null : JsonText.Array(row.Shape),
        ["params"] = row.Parameters,
        ["macs"] = row.Macs,
        // Height and width; null where a position may see the whole picture.
        ["receptive_field"] = row.Height.IsUnbounded || row.Width.IsUnbounded ? null : new JsonArray(row.Height.Size, row.Width.Size),
    };
}

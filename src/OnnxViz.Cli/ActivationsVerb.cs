using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Parsing;
using OnnxViz.Cli.Results;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Visualize;

namespace OnnxViz.Cli;

[Verb("activations", HelpText = "Show the feature maps that layers make of a picture.")]
internal sealed class ActivationsVerb : PictureOptions
{
    private const int ShownByDefault = 64;

    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers; `onnxviz summary MODEL` lists them.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("unit", MetaValue = "UNITS", HelpText = "Which maps: 25, or 0,5,8-12, or all, or random:9; by default those with the highest mean.")]
    public string? Unit { get; set; }

    [Option("count", Default = ShownByDefault, MetaValue = "N", HelpText = "How many of the maps with the highest mean, without --unit.")]
    public int Count { get; set; } = ShownByDefault;

    [Option("columns", MetaValue = "N", HelpText = "Maps in a row.")]
    public int? Columns { get; set; }

    [Usage(ApplicationAlias = "onnxviz")]
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What two layers make of a picture", new ActivationsVerb { Image = ["cat.png"], Layer = ["conv1_2", "conv3_3"], Out = "maps/" }),
        Manual.Example("The numbers", new ActivationsVerb { Model = "net.onnx", Image = ["cat.png"], Layer = ["features.14"], Raw = "activation.npy" }),
    ];

    public override int Run(Output output)
    {
        var names = Layer.ToList();
        if (names.Count == 0) throw OnnxVizException.Usage("--layer is needed: `onnxviz summary` lists the layers.");
        if (names.Count > 1 && Raw is not null) throw OnnxVizException.Usage("--raw holds one layer: name one at a time.");
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        if (Count < 1) throw OnnxVizException.Usage($"--count {Count}: at least one map has to be asked for.");
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        var model = LoadModel(output);
        var layers = names.ConvertAll(model.Layers.Find);
        var batch = PictureBatch.Load(this, model);
        var delivery = new Delivery(this, model, runtime, output) { Inputs = batch.Files };
        var parts = batch.Chunks(output.Cancellation).Select(rows => FeatureMaps.Of(model, rows, layers, runtime)).ToList();
        var activations = layers.Select((_, i) => Finite.Checked(Tensors.Stack([.. parts.Select(p => p[i].Maps)]), $"'{names[i]}'", model.Name)).ToList();

        var maps = new List<LayerMaps>();
        for (var row = 0; row < batch.Count; row++)
            for (var i = 0; i < layers.Count; i++) maps.Add(Select(batch.Names[row], names[i], activations[i], row));
        if (Unit is not null) delivery.Resolved["unit"] = new JsonArray([.. maps[0].Units.Select(u => (JsonNode)u)]);
        output.Table(
            ["picture", "layer", "shape", ">highest mean", "of unit"],
            maps.Select(m => new[] { m.Picture, m.Layer, Shapes.Text(m.Activation.Dims.AsSpan(1)), $"{m.Mean(m.Strongest):0.###}", $"{m.Strongest}" }));
        delivery.Write(
            () => Tensors.Stack([.. parts.Select(p => p[0].Raw)]),
            () => maps.ConvertAll(m => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(m.Picture)}_{m.Layer}", $"{m.Picture}: {m.Layer}", m.Draw(Columns), m.Facts())),
            $"{delivery.Stem}_activations",
            new GridOptions(),
            new JsonObject
            {
                ["verb"] = "activations",
                ["model"] = model.Name,
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. maps.Select(m => m.Facts())]),
            });
        return 0;
    }

    private LayerMaps Select(string picture, string layer, Tensor activation, int row)
    {
        if (activation.Dims.Length < 2) throw OnnxVizException.Input($"'{layer}' has the shape [{Shapes.Text(activation.Dims)}]: no axis of units.");
        var maps = new LayerMaps(picture, layer, Tensors.Rows(activation, row, 1));
        return maps with { Units = Unit is null ? maps.ByMean(Count) : UnitList.Parse(Unit, activation.Dims[1], layer, Seed) };
    }
}

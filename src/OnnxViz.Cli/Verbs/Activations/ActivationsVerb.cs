using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Activations;

[Verb("activations", HelpText = "Show the feature maps that layers make of a picture.")]
internal class ActivationsVerb : PictureOptions
{
    private const int ShownByDefault = 64;

    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers; `onnxviz summary MODEL` lists them.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("unit", MetaValue = "UNITS", HelpText = "Which maps: 25, or 0,5,8-12, or all, or random:9; by default those with the highest mean.")]
    public string? Unit { get; set; }

    [Option("difference", HelpText = "Of two pictures: the maps of the first less those of the second, red where the first is stronger.")]
    public bool Difference { get; set; }

    [Option("columns", MetaValue = "N", HelpText = "Maps in a row.")]
    public int? Columns { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What two layers make of a picture", new ActivationsVerb { Image = ["cat.png"], Layer = ["conv1_2", "conv3_3"], Out = "maps/" }),
        Manual.Example("What two pictures have and have not in common", new ActivationsVerb { Image = ["cat.png", "dog.png"], Layer = ["conv5_3"], Difference = true }),
        Manual.Example("The numbers", new ActivationsVerb { Model = "net.onnx", Image = ["cat.png"], Layer = ["features.14"], Raw = "activation.npy" }),
    ];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new FeatureMapOptions());

    public override int Run(Output output)
    {
        var options = this.Onto(new FeatureMapOptions());
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        if (options.Count is not null && Unit is not null) throw OnnxVizException.Usage("--unit and --count do not go together: one of them says which maps are shown.");
        var style = new MapStyle(options.Colors ?? (Difference ? ColorMap.RdBu.Reversed() : ColorMap.Viridis));
        Delivery.CheckRaw(Raw);

        var runtime = Runtime();
        using var model = LoadModel(output);
        var names = LayerNames.Of(Layer, model);
        if (names.Count > 1 && Raw is not null) throw OnnxVizException.Usage("--raw holds one layer: name one at a time.");
        Value[] layers = [.. names.Select(model.Layers.Find)];
        var batch = PictureBatch.Load(this, model, output.Cancellation);
        if (Difference && batch.Count != 2) throw OnnxVizException.Usage($"--difference is taken between two pictures; {batch.Count} {(batch.Count == 1 ? "is" : "are")} given.");
        var delivery = new Delivery(this, model, runtime, output) { Inputs = batch.Files, Records = [options] };
        delivery.CheckPlaces();
        var parts = batch.Chunks(output.Cancellation).Select(rows => FeatureMaps.Of(model, rows, layers, runtime, output.Cancellation)).ToList();

        string[] subjects = Difference ? [string.Join(" - ", batch.Names)] : [.. batch.Names];
        var maps = new List<List<LayerMaps>>();
        for (var i = 0; i < layers.Length; i++)
        {
            var activation = Finite.Checked(Activation(parts, i, p => p.Maps), $"'{names[i]}'", model.Name);
            maps.Add(Styled(Select(names[i], activation, subjects, options), style, options.Scale == MapScale.Common));
        }

        if (Unit is not null) delivery.Resolved["unit"] = JsonText.Array(maps[0][0].Units);
        var byPicture = subjects.SelectMany((_, row) => maps.Select(m => m[row])).ToList();
        output.Table(
            ["picture", "layer", "shape", ">highest mean", "of unit"],
            byPicture.Select(m => new[] { m.Picture, m.Layer, Shapes.Text(m.Activation.Dims.AsSpan(1)), Digits.Text(m.Mean(m.Strongest)), $"{m.Strongest}" }));
        delivery.Write(
            () => Activation(parts, 0, p => p.Raw),
            () => [.. maps.SelectMany(m => m).Select(m => new PictureResult(
                $"{delivery.Stem}_{Path.GetFileNameWithoutExtension(m.Picture)}_{m.Layer}", m.HasTitle ? "" : $"{m.Picture}: {m.Layer}", m.Draw(Columns), Facts(m)))],
            $"{delivery.Stem}_activations",
            // Pictures stand side by side, layers below each other.
            new GridOptions { Columns = subjects.Length > 1 ? subjects.Length : null },
            new JsonObject
            {
                ["verb"] = "activations",
                ["model"] = model.Name,
                ["device"] = runtime.Device.ToString(),
                ["results"] = new JsonArray([.. byPicture.Select(Facts)]),
            });
        return 0;
    }

    private static JsonObject Facts(LayerMaps maps) => new()
    {
        ["picture"] = maps.Picture,
        ["layer"] = maps.Layer,
        ["shape"] = JsonText.Array(maps.Activation.Dims),
        ["units"] = new JsonArray([.. maps.Units.Select(u => new JsonObject { ["unit"] = u, ["mean"] = maps.Mean(u), ["max"] = maps.Max(u) })]),
    };

    /// <summary>[N, ...] of a layer, or [1, ...] for the difference of two rows.</summary>
    private Tensor Activation(List<IReadOnlyList<LayerActivation>> parts, int layer, Func<LayerActivation, Tensor> which)
    {
        var all = Tensors.Stack([.. parts.Select(p => which(p[layer]))]);
        if (!Difference) return all;
        var first = Tensors.Row(all, 0);
        var second = Tensors.Row(all, 1);
        var difference = new float[first.Length];
        for (var i = 0; i < difference.Length; i++) difference[i] = first[i] - second[i];
        return Tensor.Of(difference, [1, .. all.Dims[1..]]);
    }

    /// <summary>The same units for every picture, so that their maps can be compared.</summary>
    private List<LayerMaps> Select(string layer, Tensor activation, string[] subjects, FeatureMapOptions options)
    {
        if (activation.Dims.Length < 2) throw OnnxVizException.Input($"'{layer}' has the shape [{Shapes.Text(activation.Dims)}]: no axis of units.");
        if (activation.Dims[0] != subjects.Length) throw OnnxVizException.Input($"'{layer}' has the shape [{Shapes.Text(activation.Dims)}]: no row for each picture.");
        List<LayerMaps> maps = [.. subjects.Select((s, row) => new LayerMaps(s, layer, Tensors.Rows(activation, row, 1)))];
        var strongest = Enumerable.Range(0, maps[0].Count).OrderByDescending(u => maps.Sum(m => Difference ? m.Strength(u) : m.Mean(u)));
        IReadOnlyList<int> units = Unit is null ? [.. strongest.Take(options.Count ?? ShownByDefault)] : UnitList.Parse(Unit, activation.Dims[1], layer, Seed);
        if (options.Sort == MapOrder.Strength && Unit is not null) units = [.. strongest.Where(units.ToHashSet().Contains)];
        else if (options.Sort == MapOrder.Index) units = [.. units.Order()];
        return maps.ConvertAll(m => m with { Units = units });
    }

    private static List<LayerMaps> Styled(List<LayerMaps> maps, MapStyle style, bool isCommon)
    {
        var range = isCommon ? style.RangeOf(maps.SelectMany(m => m.Shown()).ToArray()) : (MapRange?)null;
        return maps.ConvertAll(m => m with { Style = style with { Common = range } });
    }
}

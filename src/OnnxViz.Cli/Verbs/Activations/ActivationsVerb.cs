using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Activations;

[Verb("activations", HelpText = "Show the feature maps that layers make of a picture.")]
internal class ActivationsVerb : DrawnPictureOptions
{
    /// <summary>Pictures that decide which maps are shown, and on which scale; no more are held.</summary>
    private const int Leading = 16;

    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers; `onnxviz summary MODEL` lists them.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("unit", MetaValue = "UNITS", HelpText = "Which maps: 25, or 0,5,8-12, or all, or random:9; by default those with the highest mean (of many pictures the first 16 decide).")]
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
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        if (Difference && pictures.Count != 2) throw OnnxVizException.Usage($"--difference is taken between two pictures; {pictures.Text} {(pictures.Count == 1 ? "is" : "are")} given.");
        var delivery = new Delivery(this, model, runtime, output) { Records = [options] };
        delivery.CheckPlaces();
        using var run = new PictureRun(this, pictures, delivery, output);
        run.Results.Expect((long)pictures.Count * layers.Length);
        using var source = new MapSource(model, names, layers, Difference, runtime);
        var (lines, facts) = (new List<string[]>(), new JsonArray());

        int[] leading = [.. Enumerable.Range(0, Math.Min(Leading, pictures.Count))];
        var looked = new List<MapPiece>();
        run.Loop.Over($"Looking at {(leading.Length < pictures.Count ? $"the first of {pictures.Text}" : pictures.Text)}", leading, Leading, (chunk, _) => looked.AddRange(source.Of(chunk, output.Cancellation)));
        if (looked.Count > 0)
        {
            var choice = new MapChoice(this, options, style, names, looked);
            if (Unit is not null) delivery.Resolved["unit"] = JsonText.Array(choice.Units[0]);
            var left = run.Left(layers.Length);
            run.TellFinished();
            if (leading.Length == pictures.Count)
            {
                foreach (var piece in looked.Where(p => left.Contains(p.Picture.Index))) Take(piece, choice);
            }
            else if (!run.Loop.IsInterrupted)
            {
                looked.Clear();
                run.Loop.Over($"Drawing the maps of {pictures.Text}", left, PictureStream.LargestChunk, (chunk, _) =>
                {
                    foreach (var piece in source.Of(chunk, output.Cancellation)) Take(piece, choice);
                });
            }
        }

        output.Table(["picture", "layer", "shape", ">highest mean", "of unit"], lines);
        return run.End(
            $"{delivery.Stem}_activations",
            // Pictures stand side by side, layers below each other.
            new GridOptions { Columns = Difference || pictures.Count == 1 ? null : pictures.Count },
            new JsonObject
            {
                ["verb"] = "activations",
                ["model"] = model.Name,
                ["device"] = runtime.Device.ToString(),
                ["results"] = facts,
            });

        void Take(MapPiece piece, MapChoice choice)
        {
            run.Results.AddRaw(() => piece.Layers[0].Raw);
            foreach (var (layer, name) in names.Index())
            {
                var m = choice.Of(piece, name, layer);
                lines.Add([m.Picture, m.Layer, Shapes.Text(m.Activation.Dims.AsSpan(1)), Digits.Text(m.Mean(m.Strongest)), $"{m.Strongest}"]);
                if (Json) facts.Add(Facts(m));
                run.Add(piece.Picture, new PictureResult($"{delivery.Stem}_{piece.Stem}_{m.Layer}", m.HasTitle ? "" : $"{m.Picture}: {m.Layer}", () => m.Draw(Columns), Facts(m)) { Place = layer });
            }
        }
    }

    private static JsonObject Facts(LayerMaps maps) => new()
    {
        ["picture"] = maps.Picture,
        ["layer"] = maps.Layer,
        ["shape"] = JsonText.Array(maps.Activation.Dims),
        ["units"] = new JsonArray([.. maps.Units.Select(u => new JsonObject { ["unit"] = u, ["mean"] = maps.Mean(u), ["max"] = maps.Max(u) })]),
    };
}

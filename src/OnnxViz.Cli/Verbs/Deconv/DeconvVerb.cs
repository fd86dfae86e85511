using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Deconv;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Objectives;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Deconv;

[Verb("deconv", HelpText = "Project activations back to pixels through the switches of every max-pool (Zeiler and Fergus 2013).")]
internal class DeconvVerb : DrawnPictureOptions
{
    private const int ShownByDefault = 9;

    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers; several make one row each.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("every-pool", HelpText = "One row for every max-pool of the network; so it is without --layer.")]
    public bool EveryPool { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Which units: 25, or 0,5,8-12, or all, or random:9; by default the strongest of each picture.")]
    public string? Unit { get; set; }

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Option("columns", MetaValue = "N", HelpText = "Units in a row, where the sheet shows one layer.")]
    public int? Columns { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What the strongest units of every pool saw in a picture", new DeconvVerb { Image = ["cat.png"], Out = "pools.png" }),
        Manual.Example("Some units of one layer", new DeconvVerb { Image = ["cat.png"], Layer = ["relu4_3"], Unit = "12,47,300" }),
        Manual.Example("Three random maps of a layer and what they saw", new DeconvVerb { Image = ["cat.png"], Layer = ["pool3"], Unit = "random:3", Out = "maps.png" }.With(("maps", "true"))),
        Manual.Example("The numbers", new DeconvVerb { Model = "net.onnx", Image = ["cat.png"], Layer = ["features.14"], Raw = "projections.npy" }.With(("top", "4"))),
    ];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new DeconvOptions());

    public override bool UsesGradients => true;

    public override int Run(Output output)
    {
        var options = this.Onto(new DeconvOptions());
        Check(options);
        var runtime = Runtime();
        using var model = LoadModel(output, Prepared);
        var layers = Layers(model, output);
        using var pictures = PictureStream.Open(this, model, output.Cancellation);
        var delivery = new Delivery(this, model, runtime, output) { Records = [options] };
        delivery.CheckPlaces();
        if (delivery.WantsPicture && !model.Conventions.Axes.IsPicture())
            throw OnnxVizException.Input($"deconv draws what units saw in pictures, and {model.Name} takes {model.Conventions.Kind}s: saliency --method deconv draws those, --raw has the numbers of deconv.");
        using var run = new PictureRun(this, pictures, delivery, output);
        run.Results.Expect(pictures.Count);
        var left = run.Left(1);
        run.TellFinished();
        var (lines, facts) = (new List<string[]>(), new JsonArray());
        _ = output.WithWork($"Projecting {layers.Count} {(layers.Count == 1 ? "layer" : "layers")} of {pictures.Text}", progress =>
        {
            foreach (var (name, _) in layers) progress.Add(name, left.Count);
            run.Loop.Guarded(() =>
            {
                var done = 0;
                foreach (var chunk in pictures.Chunks(left, 1, output.Cancellation))
                {
                    run.Loop.Note(chunk.Skipped);
                    if (chunk.Input is not null) Deliver(Project(model, layers, chunk, options, runtime, (name, share) => progress.Report(name, done + share, $"{name} of {chunk.Rows[0].Name}"), output.Cancellation), chunk.Rows[0]);
                    done++;
                    output.Cancellation.ThrowIfCancellationRequested();
                }
            });
            return 0;
        });

        output.Table(["picture", "layer", ">unit", ">activation", ">row", ">column", "field"], lines);
        return run.End(
            $"{delivery.Stem}_deconv",
            new GridOptions { Columns = 1 },
            new JsonObject
            {
                ["verb"] = "deconv",
                ["model"] = model.Name,
                ["device"] = runtime.Device.ToString(),
                ["results"] = facts,
            });

        void Deliver(List<LayerProjections> found, PictureRow picture)
        {
            // In a folder a picture of which something is missing would be taken for a finished one.
            if (found.Count == 0 || (output.Cancellation.IsCancellationRequested && (delivery.Folder is not null || run.Results.Count > 0))) return;
            lines.AddRange(found.SelectMany(r => r.Projections.Select(p => new[]
            {
                r.Picture, r.Layer, $"{p.Unit}", Digits.Text(p.Activation), $"{p.Position.Row}", $"{p.Position.Column}",
                $"{p.Field.Width}x{p.Field.Height} at {p.Field.X},{p.Field.Y}",
            })));
            if (Json) foreach (var one in found) facts.Add(Facts(one));
            foreach (var projection in found.SelectMany(r => r.Projections)) run.Results.AddRaw(() => projection.Pixels!);
            run.Add(picture, Drawn(found, picture, layers.Count, model, delivery));
        }
    }

    private static JsonObject Facts(LayerProjections layer) => new()
    {
        ["picture"] = layer.Picture,
        ["layer"] = layer.Layer,
        ["units"] = new JsonArray([.. layer.Projections.Select(p => new JsonObject
        {
            ["unit"] = p.Unit,
            ["activation"] = p.Activation,
            ["position"] = new JsonArray(p.Position.Row, p.Position.Column),
            ["field"] = JsonText.Box(p.Field),
        })]),
    };

    private void Check(DeconvOptions options)
    {
        if (Unit is not null && options.Top is not null) throw OnnxVizException.Usage("--unit and --top do not go together: one of them says which units are projected.");
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        if (EveryPool && Layer.Any()) throw OnnxVizException.Usage("--every-pool and --layer do not go together: one of them says which layers are projected.");
        if (Unit is not null && !Layer.Any()) throw OnnxVizException.Usage("--unit belongs to --layer: --layer pool5 --unit 25.");
        Delivery.CheckRaw(Raw);
    }

    private List<(string Name, Value Value)> Layers(VisionModel model, Output output)
    {
        var pools = Deconvnet.Pools(model);
        if (Layer.Any())
        {
            if (pools.Count == 0) output.Note($"{model.Name} has no max-pool, so there are no switches: strides are undone by transposed filters alone.");
            return [.. LayerNames.Of(Layer, model).Select(name => (name, model.Layers.Find(name)))];
        }

        return pools.Count > 0 ? [.. pools.Select(p => (p.Name, p.Value))] : throw OnnxVizException.Input(
            $"{model.Name} has no max-pool whose switches could be recorded: name a --layer to be projected by its transposed filters alone (`onnxviz summary` lists them).");
    }

    /// <summary>Layer by layer; an interruption keeps those that are done.</summary>
    private List<LayerProjections> Project(
        VisionModel model, List<(string Name, Value Value)> layers, PictureChunk chunk, DeconvOptions options, RuntimeOptions runtime, Action<string, double> report, CancellationToken cancellation)
    {
        var results = new List<LayerProjections>();
        foreach (var (name, layer) in layers)
        {
            report(name, 0);
            try
            {
                var found = Of(model, name, layer, chunk.Rows[0].Shown, chunk.Input!, options, runtime, done => report(name, done), cancellation);
                if (found.Count > 0) results.Add(new LayerProjections(chunk.Rows[0].Name, name, options.Whole, found));
            }
            catch (OperationCanceledException) when (results.Count > 0)
            {
                break;
            }
        }

        return results;
    }

    private IReadOnlyList<Projection> Of(
        VisionModel model, string name, Value layer, Image shown, Tensor input, DeconvOptions options, RuntimeOptions runtime, Action<double> report, CancellationToken cancellation)
    {
        using var peaks = new UnitPeaks(model, layer, input.Dims, runtime);
        var (activations, positions) = peaks.Of(input, cancellation);
        var strongest = Finite.Checked(activations, $"'{name}'", model.Name).ToFloats();
        var units = Unit is null
            ? [.. Enumerable.Range(0, strongest.Length).OrderByDescending(u => strongest[u]).Take(options.Top ?? ShownByDefault)]
            : UnitList.Parse(Unit, strongest.Length, name, Seed);
        var fields = LayerFields.Of(model, layer, input.Dims);
        var targets = units.Select(u => new DeconvTarget(() => input, u, options.Whole ? null : (int)positions[u])).ToList();
        var found = Deconvnet.Project(model, layer, input.Dims, targets, runtime, new Relay<int>(done => report((double)done / targets.Count)), cancellation);
        var maps = options.Maps ? FeatureMaps.Of(model, input, [layer], runtime, cancellation)[0].Maps : null;
        return [.. found.Zip(units, (pixels, unit) => new Projection(
            shown, unit, strongest[unit], fields.At((int)positions[unit]),
            options.Whole ? new PixelBox(0, 0, shown.Width, shown.Height) : fields.Box((int)positions[unit]), fields.Size,
            Finite.Checked(pixels, $"the projection of '{name}' {unit}", model.Name)) { Map = maps is null ? null : MapOf(maps, unit) })];
    }

    private static Tensor MapOf(Tensor maps, int unit)
    {
        var rows = maps.Dims.Length == 4 ? maps.Dims[2] : 1;
        var size = (int)(maps.Count / maps.Dims[1]);
        return Tensor.Of(maps.As<float>().Slice(unit * size, size), rows, size / rows);
    }

    /// <summary>A picture of one layer, or with a row for each of several.</summary>
    private PictureResult Drawn(List<LayerProjections> rows, PictureRow picture, int layers, VisionModel model, Delivery delivery) => layers == 1
        ? new PictureResult($"{delivery.Stem}_{picture.Stem}_{rows[0].Layer}_deconv", "", () => rows[0].Draw(model.Conventions, Columns), Facts(rows[0]))
        : new PictureResult(
            $"{delivery.Stem}_{picture.Stem}_deconv",
            "",
            () => Grid.Compose(
                [.. rows.Select(r => new GridTile(r.DrawRow(model.Conventions, rows.Max(other => other.Projections.Count))))],
                new GridOptions { Columns = 1, Padding = 0 }),
            new JsonObject { ["picture"] = rows[0].Picture, ["layers"] = new JsonArray([.. rows.Select(Facts)]) });
}

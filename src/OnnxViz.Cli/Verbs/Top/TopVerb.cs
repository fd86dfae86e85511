using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Datasets;
using OnnxViz.Deconv;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Shards;
using OnnxViz.Top;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Top;

[Verb("top", HelpText = "Find the pictures of a folder that units respond to most strongly, and what they saw in them.")]
internal class TopVerb : TopArguments
{
    private const int Named = 3;

    private const int UsualUnits = 9;

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Nine pictures, cut to what was seen, for each of some units", new TopVerb { Folder = "pictures/", Layer = "conv4_3", Unit = "0,5,8-12", Out = "top.png" }),
        Manual.Example("All units of a layer, one file each, without what takes long", new TopVerb { Folder = "pictures/", Layer = "relu5_3", Unit = "all", NoMaximize = true, Out = "units/" }),
        Manual.Example("The first of four parts of a large folder", new TopVerb { Folder = "pictures/", Layer = "relu5_3", Unit = "all", Out = "parts/" }.With(("shard", "1/4"))),
        Manual.Example("For another program", new TopVerb { Model = "net.onnx", Folder = "pictures/", Layer = "features.14", Json = true, Raw = "activations.npy" }),
    ];

    public override int Run(Output output)
    {
        var places = Places();
        var options = this.Onto(new TopOptions());
        Delivery.CheckRaw(Raw);
        var runtime = Runtime();
        using var loaded = LoadModel(output, Prepared);
        using var source = new TopSource(this, places, loaded);
        var model = source.Model;
        var layer = model.Layers.Find(Layer!);
        var pictures = source.Pictures;
        var shard = this.PartOf();
        var delivery = new Delivery(this, model, runtime, output, drawsPictures: shard is null) { Records = [options] };
        if (shard is null) delivery.CheckPlaces();
        var dims = model.Conventions.InputDims(1, model.Conventions.Height, model.Conventions.Width);
        var count = LayerShape.Of(model, layer, dims)[1];
        var units = UnitList.Parse(Unit ?? (count > UsualUnits ? $"random:{UsualUnits}" : "all"), count, Layer!, Seed);
        var fields = LayerFields.Of(model, layer, dims);
        var projects = !NoDeconv && model.Conventions.Axes.IsPicture();
        if (delivery.WantsPicture && projects) Deconvnet.Check(model, layer, dims);
        delivery.Resolved["unit"] = JsonText.Array(units);
        delivery.Resolved["pictures"] = pictures.Count;
        if (source.DataName is { } data) delivery.Resolved["data"] = new JsonObject { ["name"] = data, ["fingerprint"] = pictures.Fingerprint };

        var sheetName = $"{delivery.Stem}_{Layer}_top";
        var search = new TopSearch(model, layer, pictures, units, options, runtime, output);
        JsonObject Command() => PartWork.CommandOf(this, Manifest.Of(this, model, runtime, [], delivery.Resolved), ("fingerprint", pictures.Fingerprint));
        Joined?.Check(Command());
        if (shard is { } part)
        {
            var (folder, batch) = (Sharding.FolderOf(this), search.Batch);
            return search.Part(new PartWork(this, folder, part, Command(), new WorkCut(part.Count, $"{batch}"), runtime, output), folder, part, batch);
        }

        var stateFile = new TopStateFile(State, delivery.Companion(sheetName, ".state.json"));
        var state = Joined is { } parts ? search.Joined(parts) : search.Whole(stateFile);
        Sharding.Told(this, runtime, output);
        var found = units.Zip(state.Found, (unit, entries) => new TopUnit(unit, entries)).ToList();
        if (found[0].Entries.Count == 0)
            throw OnnxVizException.Input($"None of the {pictures.Count} pictures could be read; the first: {state.Skipped[0].Reason}");
        if (delivery.WantsPicture)
            delivery.Inputs = source.FilesOf(found.SelectMany(u => u.Entries).Select(e => e.File));

        Tell(state, found, pictures, output);
        delivery.Write(
            () => Tensors.Join([.. found.Select(u => u.Entries.Select(e => e.Activation).ToArray())], [found[0].Entries.Count]),
            () => Pictures(model, layer, pictures, found, fields, projects, runtime, delivery, output),
            sheetName,
            new GridOptions { Columns = Columns ?? (units.Count < 3 ? 1 : 2), Padding = 12 },
            new JsonObject
            {
                ["verb"] = "top",
                ["model"] = model.Name,
                ["layer"] = Layer,
                ["device"] = runtime.Device.ToString(),
                ["pictures"] = pictures.Count,
                ["skipped"] = new JsonArray([.. state.Skipped.Select(s => new JsonObject { ["file"] = pictures.NameOf(s.File), ["reason"] = s.Reason })]),
                ["results"] = new JsonArray([.. found.Select(u => Facts(u, pictures, fields))]),
            });
        if (Joined is null) stateFile.Finish();
        return 0;
    }

    private static void Tell(TopState state, List<TopUnit> found, IPictureList pictures, Output output)
    {
        output.Table(
            [">unit", ">strongest", $">weakest of {found[0].Entries.Count}", "pictures"],
            found.Select(u => new[]
            {
                $"{u.Unit}", Digits.Text(u.Entries[0].Activation), Digits.Text(u.Entries[^1].Activation),
                string.Join(", ", u.Entries.Take(Named).Select(e => pictures.NameOf(e.File))) + (u.Entries.Count > Named ? ", ..." : ""),
            }));
        if (state.Skipped.Count == 0) return;
        output.Note(
            $"{state.Skipped.Count} of {pictures.Count} pictures could not be read and were skipped: "
            + string.Join(" ", state.Skipped.Take(Named).Select(s => s.Reason)) + (state.Skipped.Count > Named ? " ..." : ""));
    }

    private List<PictureResult> Pictures(
        VisionModel model, Value layer, IPictureList pictures, List<TopUnit> found, LayerFields fields, bool projects, RuntimeOptions runtime, Delivery delivery, Output output)
    {
        var views = new TopViews(model, layer, pictures, fields, runtime, output);
        var maximized = NoMaximize ? null : views.Maximize([.. found.Select(u => u.Unit)], Steps, Seed);
        return [.. views.Project(found, projects).Zip(found, (views, unit) => new PictureResult(
            $"{delivery.Stem}_{Layer}_{unit.Unit}_top",
            "",
            TopSheet.Draw($"{Layer} {unit.Unit}", views, maximized?[found.IndexOf(unit)], model.Conventions),
            Facts(unit, pictures, fields)))];
    }

    private static JsonObject Facts(TopUnit unit, IPictureList pictures, LayerFields fields) => new()
    {
        ["unit"] = unit.Unit,
        ["top"] = new JsonArray([.. unit.Entries.Select(e => new JsonObject
        {
            ["file"] = pictures.NameOf(e.File),
            ["activation"] = e.Activation,
            ["position"] = new JsonArray(fields.At(e.Position).Row, fields.At(e.Position).Column),
            ["field"] = JsonText.Box(fields.Box(e.Position)),
        })]),
    };
}

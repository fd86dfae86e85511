using System.Text.Json.Nodes;
using OnnxViz.Datasets;
using OnnxViz.Evolve;
using OnnxViz.Imaging.Files;
using OnnxViz.Runs;
using OnnxViz.Top;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>What was found in all checkpoints, as pictures and as numbers.</summary>
internal sealed class EvolutionStory
{
    private readonly RunFolder _run;
    private readonly string _layer;
    private readonly IReadOnlyList<CheckpointFindings> _findings;
    private readonly IReadOnlyList<string> _hashes;
    private readonly LayerFields _fields;
    private readonly FrameCache _frames;

    public EvolutionStory(
        RunFolder run, RunMetrics metrics, Dataset data, IReadOnlyList<RunModel> checkpoints, Evolution evolution, IReadOnlyList<int> units, string layer, VisionModel last)
    {
        (_run, Data, Checkpoints, Units, _layer) = (run, data, checkpoints, units, layer);
        (_findings, _hashes, _frames) = (evolution.Findings, evolution.Models, new FrameCache(last.Conventions, data.Train));
        var c = last.Conventions;
        _fields = LayerFields.Of(last, last.Layers.Find(layer), c.InputDims(1, c.Height, c.Width));
        var accuracies = metrics.Epochs.ToDictionary(e => e.Epoch, e => e.TestAccuracy);
        var columns = checkpoints.Select((m, i) => new EvolutionColumn(Evolution.LabelOf(m), m.Epoch is { } epoch && accuracies.TryGetValue(epoch, out var share) ? share : _findings[i].Accuracy));
        Scene = new EvolutionScene(layer, Path.GetFileName(Path.GetFullPath(run.Path)), units, [.. columns], _fields.Size, Cell);
    }

    public Dataset Data { get; }

    public IReadOnlyList<RunModel> Checkpoints { get; }

    public IReadOnlyList<int> Units { get; }

    public EvolutionScene Scene { get; }

    /// <summary>How far a unit, by its index, moved on its way to a checkpoint, by its index; null for the first.</summary>
    public Movement? MovementOf(int unit, int checkpoint) =>
        checkpoint == 0 ? null : Movement.Between(_findings[checkpoint - 1].Units[unit], _findings[checkpoint].Units[unit]);

    /// <summary>A table of what the units' strongest pictures did, and what could not be read.</summary>
    public void Tell(Output output)
    {
        output.Table(
            ["checkpoint", ">accuracy", ">strongest", ">cosine", ">overlap"],
            Checkpoints.Select((_, i) => new[]
            {
                Scene.Columns[i].Label,
                Scene.Columns[i].AccuracyText ?? "",
                Digits.Text(_findings[i].Units.Average(u => u.Top[0].Activation)),
                Mean(i, m => m.Cosine),
                Mean(i, m => m.Overlap),
            }));
        if (_findings.Max(f => f.Skipped.Count) is > 0 and var skipped) output.Note($"{skipped} pictures could not be read and were skipped; the first: {_findings.First(f => f.Skipped.Count > 0).Skipped[0].Reason}");
    }

    /// <summary>Everything as numbers.</summary>
    public JsonObject Facts() => new()
    {
        ["verb"] = "evolve",
        ["run"] = _run.Path,
        ["layer"] = _layer,
        ["data"] = DataFacts(),
        ["checkpoints"] = Models(),
        ["results"] = new JsonArray([.. Units.Select((unit, u) => new JsonObject
        {
            ["unit"] = unit,
            ["checkpoints"] = new JsonArray([.. Checkpoints.Select((_, i) => Facts(u, i))]),
        })]),
    };

    public JsonObject DataFacts() => new()
    {
        ["name"] = Data.Name,
        ["pictures"] = _findings[0].Key.Search.Files,
        ["fingerprint"] = Data.Train.Fingerprint,
    };

    public JsonArray Models() => new([.. Checkpoints.Select((m, i) => new JsonObject
    {
        ["name"] = m.Name,
        ["label"] = Scene.Columns[i].Label,
        ["step"] = m.Step,
        ["epoch"] = m.Epoch,
        ["test_accuracy"] = Scene.Columns[i].Accuracy,
        ["sha256"] = _hashes[i],
    })]);

    private JsonObject Facts(int unit, int checkpoint)
    {
        var (found, movement) = (_findings[checkpoint].Units[unit], MovementOf(unit, checkpoint));
        return new JsonObject
        {
            ["checkpoint"] = Checkpoints[checkpoint].Name,
            ["cosine"] = movement?.Cosine,
            ["overlap"] = movement?.Overlap,
            ["objective"] = found.Objective,
            ["active"] = found.Active,
            ["top"] = new JsonArray([.. found.Top.Select(e => new JsonObject
            {
                ["picture"] = Data.Train.NameOf(e.File),
                ["class"] = Data.Classes[Data.Train.LabelOf(e.File)],
                ["activation"] = e.Activation,
                ["position"] = new JsonArray(_fields.At(e.Position).Row, _fields.At(e.Position).Column),
                ["field"] = JsonText.Box(_fields.Box(e.Position)),
            })]),
        };
    }

    private string Mean(int checkpoint, Func<Movement, double?> number)
    {
        var known = Units.Select((_, u) => MovementOf(u, checkpoint)).OfType<Movement>().Select(number).OfType<double>().ToList();
        return known.Count > 0 ? Digits.Text(known.Average(), 3) : "";
    }

    private EvolutionCell Cell(int unit, int checkpoint)
    {
        var found = _findings[checkpoint].Units[unit];
        var best = found.Top[0];
        return new EvolutionCell(
            _frames[best.File], _fields.Box(best.Position), ImageFile.Decode(found.Projection, "a projection"),
            found.Maximized is null ? null : ImageFile.Decode(found.Maximized, "a maximisation"), _fields.Center, best.Activation);
    }
}

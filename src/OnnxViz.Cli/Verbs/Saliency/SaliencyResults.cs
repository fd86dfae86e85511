using System.Text.Json.Nodes;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>What becomes of results of `saliency` as they come: pictures, lines, facts. No map is held.</summary>
/// <param name="verb">With its options.</param>
/// <param name="run">Takes the pictures.</param>
/// <param name="pictures">What is explained.</param>
/// <param name="stem">Of names of files.</param>
/// <param name="drawing">How they are drawn.</param>
/// <param name="methods">By which it is explained.</param>
/// <param name="targets">How many answers are explained for each picture.</param>
internal sealed class SaliencyResults(
    SaliencyVerb verb, PictureRun run, PictureStream pictures, string stem, SaliencyDrawing drawing, IReadOnlyList<SaliencyMethod> methods, int targets)
{
    private readonly List<List<string>> _lines = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _noted = [];
    private readonly JsonArray _facts = [];
    private readonly List<JsonNode> _units = [];
    private bool _hasPaths;

    /// <summary>Whether a sheet is drawn for each result, which has its labels.</summary>
    private bool AreSheets => drawing.Display == SaliencyDisplay.Sheet || methods.Count > 1;

    /// <summary>Of the sheet of several, and the end of names of files.</summary>
    public string Suffix => methods.Count == 1 ? methods[0].Word : "methods";

    public GridOptions Grid => AreSheets ? new GridOptions { Columns = 1, Padding = 0 } : new GridOptions();

    public JsonArray Facts => _facts;

    /// <summary>Whether the network has no classes, and units of its output take their place.</summary>
    public bool OfUnits { get; init; }

    /// <summary>The classes or units that were explained, for the manifest of a sheet.</summary>
    public JsonArray Units => [.. _units.DistinctBy(u => u.ToJsonString()).Select(u => u.DeepClone())];

    /// <summary>Whether a file's facts are those of a finished result for a target.</summary>
    public Func<JsonObject, bool> Counts(SaliencyTarget target, IReadOnlyList<SaliencyTarget> all) => facts =>
    {
        var first = facts["methods"] is JsonArray several ? several[0] : facts;
        if (methods.Count > 1 && (facts["methods"] as JsonArray)?.Count != methods.Count) return false;
        return first is JsonObject one && target.Counts(one, all);
    };

    public void Add(SaliencyPiece piece)
    {
        run.Loop.Note(piece.Skipped);
        foreach (var row in piece.Rows) Add(row);
    }

    /// <summary>The table, and what is to be noted.</summary>
    public void Tell(Output output)
    {
        List<string> columns = ["picture", verb.ExplainsUnits || OfUnits ? "unit" : BoxTarget.IsAskedBy(verb.Score) ? "box" : "class", ">score"];
        if (_hasPaths) columns.AddRange([">baseline", ">residual"]);
        output.Table(columns, _lines);
        foreach (var note in _notes) output.Note(note);
    }

    private void Add(SaliencyRow row)
    {
        var e = row.Methods;
        List<string> cells = [e[0].Picture, e[0].Subject, Digits.Text(e[0].Score)];
        if (e.Find(m => m.Completeness is not null)?.Completeness is var (baseline, residual))
        {
            cells.AddRange([Digits.Text(baseline), Digits.Text(residual)]);
            _hasPaths = true;
        }

        _lines.Add(cells);
        _notes.AddRange(e.SelectMany(SaliencyCaveats.Notes).Where(_noted.Add));
        var meant = MeantBy(row);
        _units.Add(meant);
        if (verb.Json) foreach (var one in e) _facts.Add(FactsOf(row, one));
        run.Results.AddRaw(() => e[0].Attribution);
        // Parts that were made elsewhere tell what it was called.
        run.Add(row.Picture, row.File with { Location = pictures.PathOf(row.Picture) }, new PictureResult(
            $"{stem}_{pictures.StemOf(row.Picture)}_{e[0].Subject}_{Suffix}",
            AreSheets ? "" : $"{e[0].Picture}: {e[0].Subject}",
            () => drawing.Draw(e, mayWrap: (long)pictures.Count * targets == 1),
            e is [var only] ? FactsOf(row, only) : new JsonObject { ["methods"] = new JsonArray([.. e.Select(one => FactsOf(row, one))]) })
        {
            Resolved = verb.Explained is { } option ? (option, new JsonArray(meant.DeepClone())) : null,
        });
    }

    /// <summary>What the option that names it came to mean: a number, a unit at a position, a box.</summary>
    private static JsonNode MeantBy(SaliencyRow row) => row.Box is { } box ? $"box:{box["index"]}"
        : row.Position is { } position ? new UnitPlace((int)row.Methods[0].Unit, position).ToString()
        : row.Methods[0].Unit;

    private static JsonObject FactsOf(SaliencyRow row, Explained e)
    {
        var facts = new JsonObject { ["picture"] = e.Picture, ["subject"] = e.Subject, ["unit"] = e.Unit, ["score"] = e.Score, ["method"] = e.Method.Word };
        if (row.Position is { } position) facts["position"] = JsonText.Array(position.Indices);
        if (row.Box is { } box) facts["box"] = box.DeepClone();
        if (e.Layer is not null) facts["layer"] = e.Layer;
        if (e.Caveats.Count > 0) facts["caveats"] = SaliencyCaveats.ToJson(e.Caveats);
        if (e.Completeness is not var (baseline, residual)) return facts;
        facts["baseline_score"] = baseline;
        facts["completeness_residual"] = residual;
        facts["steps"] = e.Steps;
        return facts;
    }
}

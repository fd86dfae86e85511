using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Results;

/// <summary>
/// Results as they come: into a folder each is written at once and let go; for a sheet their drawings are held, up to what a sheet may show; rows of --raw
/// are appended to its file.
/// </summary>
internal sealed class ResultStream : IDisposable
{
    /// <summary>Drawings on one sheet, at most: more are nothing to look at, and all of them have to be held.</summary>
    public const int MostOnSheet = 2000;

    private readonly Delivery _delivery;
    private readonly Destination _destination;
    private readonly NpyWriter? _raw;
    private readonly List<Drawn> _sheet = [];
    private readonly List<InputFile> _shown = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _finished = [];
    private readonly List<string> _files = [];

    public ResultStream(Delivery delivery, Destination destination, string? raw)
    {
        (_delivery, _destination) = (delivery, destination);
        Delivery.CheckRaw(raw);
        _raw = raw is null ? null : new NpyWriter(raw);
    }

    /// <summary>Results that were added.</summary>
    public int Count { get; private set; }

    /// <summary>Files that are there, in the order of their results.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Refuses, before the work, more results than can be shown on a sheet.</summary>
    /// <param name="results">How many there will be.</param>
    /// <exception cref="OnnxVizException">There will be more.</exception>
    public void Expect(long results)
    {
        if (_delivery.WantsPicture && _destination.Folder is null && results > MostOnSheet && !_delivery.HasPages)
            throw OnnxVizException.Usage($"{results} results on one sheet are more than the {MostOnSheet} that it can show: name a folder with -o, which takes one file for each.");
    }

    /// <summary>Draws a result where pictures are wanted, and writes it into the folder where one is named.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Add(PictureResult result)
    {
        Count++;
        if (!_delivery.WantsPicture) return;
        if (_destination.Folder is null)
        {
            _sheet.Add(new(result, Draw(result)));
            if (result.Input is { } input) _shown.Add(input);
            return;
        }

        // Two classes may have one name.
        var name = result.Name;
        for (var number = 2; !_names.Add(Destination.FileName(name)); number++) name = $"{result.Name}_{number}";
        _files.Add(Destination.Write(_destination.FileOf(name), Draw(result), _delivery.ManifestOf(result with { Name = name })));
    }

    /// <summary>A result that an earlier run has written.</summary>
    public void AddFinished(string file)
    {
        _names.Add(Path.GetFileName(file));
        if (_finished.Add(file)) _files.Add(file);
    }

    /// <summary>Appends rows of --raw; nothing without it.</summary>
    /// <param name="rows">Makes [N, ...].</param>
    public void AddRaw(Func<Tensor> rows) => _raw?.Append(rows());

    /// <summary>Writes the sheet, and gives --raw its name.</summary>
    /// <param name="sheetName">Of the sheet of several.</param>
    /// <param name="sheet">How it looks.</param>
    /// <returns>Whether there is something in --raw.</returns>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public bool Finish(string sheetName, GridOptions sheet)
    {
        var hasRaw = _raw?.Finish() ?? false;
        List<Drawn> drawn = [.. _sheet.OrderBy(d => d.Result.Place)];
        if (drawn is [var only])
        {
            _files.Add(Destination.Write(_destination.FileOf(only.Result.Name), only.Picture, _delivery.ManifestOf(only.Result)));
        }
        else if (drawn.Count > 1)
        {
            var pages = drawn.Chunk(_delivery.PageSize).ToList();
            foreach (var (i, page) in pages.Index())
            {
                var picture = Grid.Compose([.. page.Select(d => new GridTile(d.Picture, d.Result.Label))], sheet);
                var manifest = _delivery.ManifestOf(_shown.DistinctBy(s => (s.Name, s.Sha256)));
                manifest["results"] = new JsonArray([.. page.Select(d => d.Result.Facts.DeepClone())]);
                manifest[ReplayRecord.Key]!["page"] = i + 1;
                _files.Add(Destination.Write(_destination.FileOf(sheetName, pages.Count == 1 ? 0 : i + 1), picture, manifest));
            }
        }

        return hasRaw;
    }

    public void Dispose() => _raw?.Dispose();

    private static Image Draw(PictureResult result)
    {
        using var phase = Profiler.Phase("draw");
        return result.Picture();
    }

    private sealed record Drawn(PictureResult Result, Image Picture);
}

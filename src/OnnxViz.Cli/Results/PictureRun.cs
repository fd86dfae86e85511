using System.Text.Json.Nodes;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Cli.Results;

/// <summary>A verb's way through its pictures with results for each: those that are finished are left out if that was asked for, the others are delivered as they come.</summary>
internal sealed class PictureRun : IDisposable
{
    private readonly DrawnPictureOptions _verb;
    private readonly PictureStream _pictures;
    private readonly Delivery _delivery;
    private readonly Output _output;
    private readonly Lazy<FinishedResults> _finished;
    private readonly HashSet<int> _done = [];

    /// <param name="verb">With its options.</param>
    /// <param name="pictures">What it is shown.</param>
    /// <param name="delivery">Of its results.</param>
    /// <param name="output">Told what is done.</param>
    /// <param name="perResult">See <see cref="FinishedResults.In"/>.</param>
    public PictureRun(DrawnPictureOptions verb, PictureStream pictures, Delivery delivery, Output output, string? perResult = null)
    {
        (_verb, _pictures, _delivery, _output) = (verb, pictures, delivery, output);
        IResumed.Check(verb, delivery.Folder);
        _finished = new(() => FinishedResults.In(delivery.Folder, perResult));
        Loop = new PictureLoop(pictures, output);
        Results = delivery.Open();
    }

    public PictureLoop Loop { get; }

    public ResultStream Results { get; }

    /// <summary>The pictures of which not all is finished, by their indices.</summary>
    /// <param name="results">How many results there are of a picture.</param>
    /// <param name="counts">Whether a finished result, by what its file says of it, is one of these; null for all.</param>
    public IReadOnlyList<int> Left(int results, Func<JsonObject, bool>? counts = null)
    {
        int[] all = [.. Enumerable.Range(0, _pictures.Count).Where(i => _verb.Only?.Pictures?.Contains(_pictures.FileNameOf(i)) ?? true)];
        if (!_verb.SkipExisting) return all;
        int[] left = [.. all.Where(i => !IsFinished(i, results, counts))];
        return left;
    }

    /// <summary>Says how much was found to be finished.</summary>
    public void TellFinished()
    {
        if (_verb.SkipExisting) _output.Say($"{Results.Files.Count} {(Results.Files.Count == 1 ? "result is" : "results are")} finished in {_delivery.Folder} already.");
    }

    /// <summary>A result of a picture.</summary>
    public void Add(PictureRow picture, PictureResult result) => Add(picture.Index, picture.File, result);

    /// <param name="picture">Its index.</param>
    /// <param name="file">What it was read from.</param>
    /// <param name="result">Of it.</param>
    public void Add(int picture, InputFile file, PictureResult result)
    {
        Results.Add(result with { Input = file });
        _done.Add(picture);
    }

    /// <summary>Writes and says what is to be written and said.</summary>
    /// <param name="sheetName">Of the sheet of several.</param>
    /// <param name="sheet">How it looks.</param>
    /// <param name="result">The object for --json.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; what was done is kept.</exception>
    /// <exception cref="OnnxVizException">No picture could be read, or nothing can be written.</exception>
    public int End(string sheetName, GridOptions sheet, JsonObject result)
    {
        Loop.Tell(_done.Count + Results.Files.Count, result);
        _delivery.Finish(Results, sheetName, sheet, result);
        if (Loop.IsInterrupted && _delivery.Folder is { } folder)
            _output.Say($"{Results.Files.Count} {(Results.Files.Count == 1 ? "result is" : "results are")} kept in {folder}: the same command with --skip-existing goes on from there.");
        return Loop.End();
    }

    public void Dispose() => Results.Dispose();

    private bool IsFinished(int picture, int results, Func<JsonObject, bool>? counts)
    {
        _output.Cancellation.ThrowIfCancellationRequested();
        try
        {
            var found = _finished.Value.Of(_delivery.ManifestOf([_pictures.FileOf(picture)])).Where(f => counts?.Invoke(f.Facts) ?? true).ToList();
            if (found.Count < results) return false;
            foreach (var (file, _) in found.Take(results)) Results.AddFinished(file);
            return true;
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            // Why it cannot be read is told when it is its turn.
            return false;
        }
    }
}

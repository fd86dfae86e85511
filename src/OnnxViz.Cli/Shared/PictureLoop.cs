using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Shared;

/// <summary>
/// The way through the pictures of a run, the same for all verbs: what cannot be read is passed over and told, Ctrl-C ends it and leaves what is done.
/// </summary>
/// <param name="pictures">All of them.</param>
/// <param name="output">Told the progress.</param>
internal sealed class PictureLoop(PictureStream pictures, Output output)
{
    private readonly List<SkippedPicture> _skipped = [];

    /// <summary>Whether it was ended before all was done.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>3 where a picture that was asked for by its name could not be read; of a folder's pictures that may happen.</summary>
    public int Exit => _skipped.Exists(s => s.IsNamed) ? Failure.ExitCodeOf(Fault.Input) : 0;

    /// <summary>Goes through pictures as they come.</summary>
    /// <param name="title">What is done with them.</param>
    /// <param name="left">Their indices.</param>
    /// <param name="largest">At once, at most.</param>
    /// <param name="work">Does it, and tells the share that is done of these, 0 to 1.</param>
    public void Over(string title, IReadOnlyList<int> left, int largest, Action<PictureChunk, Action<double>> work) => output.WithWork(title, progress =>
    {
        progress.Add("", left.Count);
        var done = 0;
        Guarded(() =>
        {
            foreach (var chunk in pictures.Chunks(left, largest, output.Cancellation))
            {
                var (before, count) = (done, chunk.Rows.Count + chunk.Skipped.Count);
                Note(chunk.Skipped);
                if (chunk.Input is not null) work(chunk, share => progress.Report("", before + (share * chunk.Rows.Count), chunk.Rows[0].Name));
                done += count;
                progress.Report("", done, chunk.Rows.Count > 0 ? chunk.Rows[^1].Name : "");
            }
        });
        return done;
    });

    /// <summary>Does work that Ctrl-C may end.</summary>
    public void Guarded(Action work)
    {
        try
        {
            output.Cancellation.ThrowIfCancellationRequested();
            work();
        }
        catch (OperationCanceledException) when (output.Cancellation.IsCancellationRequested)
        {
            IsInterrupted = true;
        }
    }

    /// <summary>Takes down what could not be read.</summary>
    public void Note(IEnumerable<SkippedPicture> skipped)
    {
        foreach (var one in skipped.Where(s => !_skipped.Exists(known => known.Index == s.Index))) _skipped.Add(one);
    }

    /// <summary>Tells, when all is done, what could not be read.</summary>
    /// <param name="done">Pictures of which there is something.</param>
    /// <param name="result">The object for --json; what was skipped is added.</param>
    /// <exception cref="OperationCanceledException">Interrupted before anything was done.</exception>
    /// <exception cref="OnnxVizException">No picture could be read.</exception>
    public void Tell(int done, JsonObject result)
    {
        if (done == 0 && IsInterrupted) throw new OperationCanceledException(output.Cancellation);
        if (done == 0 && _skipped.Count > 0)
            throw OnnxVizException.Input(pictures.Count == 1 ? _skipped[0].Reason : $"None of the {pictures.Count} pictures could be read; the first: {_skipped[0].Reason}");
        foreach (var one in _skipped) output.Note($"Skipped: {one.Reason}");
        if (_skipped.Count > 1) output.Note($"{_skipped.Count} of {pictures.Count} pictures could not be read and were skipped.");
        if (_skipped.Count > 0) result["skipped"] = new JsonArray([.. _skipped.Select(s => new JsonObject { ["file"] = s.Name, ["reason"] = s.Reason })]);
    }

    /// <summary>The exit code, after all was told.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public int End()
    {
        if (!IsInterrupted) return Exit;
        output.Finish();
        throw new OperationCanceledException(output.Cancellation);
    }
}

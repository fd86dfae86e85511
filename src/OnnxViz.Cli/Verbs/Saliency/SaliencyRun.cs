using System.Text.Json.Nodes;
using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Shards;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>All pictures under all methods for all that is to be explained, piece by piece as they are done.</summary>
internal sealed class SaliencyRun(VisionModel model, PictureStream pictures, SaliencyTargets targets, IReadOnlyList<SaliencyMethod> methods, RuntimeOptions runtime)
{
    /// <summary>What a method that runs the network often costs beside one that runs it once, until it is measured.</summary>
    private const double Often = 40;

    private readonly int _chunk = Math.Min(pictures.Chunk, methods.Any(m => m.RunsOften) || targets.Targets.Any(t => t.DependsOnPicture) ? 1 : PictureStream.LargestChunk);

    /// <summary>Target by target, in each the pictures that run at once.</summary>
    public WorkCut Cut => new(targets.Targets.Count * Chunks, $"{_chunk}");

    private int Chunks => (pictures.Count + _chunk - 1) / _chunk;

    /// <param name="left">Of each target the pictures that are to be explained, by their indices.</param>
    /// <param name="deliver">Is given the pieces in their order. Where it is interrupted before the first was done, it is given what some of the methods have found.</param>
    /// <param name="output">Told the progress.</param>
    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public void All(IReadOnlyList<IReadOnlyList<int>> left, Action<SaliencyTarget, SaliencyPiece> deliver, Output output) => output.WithWork(Title, progress =>
    {
        foreach (var method in methods) progress.Add(method.Word, left.Sum(l => l.Count), method.RunsOften ? Often : 1);
        var (gate, delivered, done) = (new Lock(), 0, methods.ToDictionary(m => m.Word, _ => 0));
        var parts = targets.Targets.Zip(left).SelectMany(t => pictures.Chunks(t.Second, _chunk, output.Cancellation).Select(chunk => (Target: t.First, Chunk: chunk)));
        OverDevices.InOrder(runtime, parts, device => new On(device), Piece, Deliver, output.Cancellation);
        output.Cancellation.ThrowIfCancellationRequested();
        return delivered;

        (SaliencyTarget Target, SaliencyPiece Piece)? Piece(On on, (SaliencyTarget Target, PictureChunk Chunk) part)
        {
            var found = Explain(part.Target, part.Chunk, on.Device, Told, () => delivered == 0, output.Cancellation);
            return found is null ? null : (part.Target, found);

            void Told(string method, double share)
            {
                lock (gate)
                {
                    progress.Report(method, done[method] + (share * part.Chunk.Rows.Count), $"{method} of {part.Chunk.Rows[0].Name}");
                    if (share >= 1) done[method] += part.Chunk.Rows.Count + part.Chunk.Skipped.Count;
                }
            }
        }

        void Deliver((SaliencyTarget Target, SaliencyPiece Piece)? found)
        {
            if (found is not var (target, piece)) return;
            delivered += piece.Rows.Count;
            deliver(target, piece);
        }
    });

    /// <summary>A piece by its number, for a part of the work.</summary>
    /// <param name="piece">From 0.</param>
    /// <param name="report">Told the share of the piece that is done, 0 to 1, and the method.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public SaliencyPiece Explain(int piece, IProgress<(double Share, string Text)> report, CancellationToken token)
    {
        var first = piece % Chunks * _chunk;
        var chunk = pictures.Load([.. Enumerable.Range(first, Math.Min(_chunk, pictures.Count - first))], token);
        var done = 0;
        return Explain(targets.Targets[piece / Chunks], chunk, runtime, Told, () => false, token) ?? throw new OperationCanceledException(token);

        void Told(string method, double share)
        {
            report.Report(((done + Math.Min(share, 1)) / methods.Count, method));
            if (share >= 1) done++;
        }
    }

    private string Title => $"Explaining {pictures.Text}{(methods.Count > 1 ? $" by {methods.Count} methods" : $" by {methods[0].Word}")}{(targets.Targets.Count > 1 ? $", {targets.Targets.Count} answers each" : "")}";

    /// <summary>A chunk under all methods; null where it was interrupted and nothing, or not enough, was done.</summary>
    private SaliencyPiece? Explain(SaliencyTarget target, PictureChunk chunk, RuntimeOptions device, Action<string, double> report, Func<bool> takesSome, CancellationToken token)
    {
        if (chunk.Input is null) return new SaliencyPiece([], chunk.Skipped);
        var results = new List<List<Explained>>();
        SaliencySubject subject;
        try
        {
            subject = SubjectOf(target, chunk, device, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return null;
        }
        catch (OnnxVizException missing) when (missing.Fault == Fault.Input && target.DependsOnPicture && pictures.Count > 1)
        {
            // Of many pictures some may have fewer boxes.
            foreach (var method in methods) report(method.Word, 1);
            return new SaliencyPiece([], [.. chunk.Skipped, .. chunk.Rows.Select(r => new SkippedPicture(r.Index, r.Name, missing.Message, IsNamed: true))]);
        }

        try
        {
            foreach (var method in methods) results.Add(Explain(subject, chunk, method, device, report, token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            if (results.Count == 0 || !takesSome()) return null;
        }

        return new SaliencyPiece([.. chunk.Rows.Select((row, i) => Row(row, results.ConvertAll(r => r[i])) with { Position = subject.Box is null ? subject.Score.Position : null, Box = subject.Box })], chunk.Skipped);
    }

    private static SaliencyRow Row(PictureRow row, List<Explained> found) => new(row.Index, row.File, found);

    private List<Explained> Explain(SaliencySubject subject, PictureChunk chunk, SaliencyMethod method, RuntimeOptions device, Action<string, double> report, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        // The whole is told below, once.
        var result = model.OfRow(chunk.Rows[0].Index).Explain(chunk.Input!, method, subject.Score, device, new Relay<double>(share => report(method.Word, Math.Min(share, 0.999))), token);
        report(method.Word, 1);
        Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
        Finite.Checked(result.Attribution, $"the {method.Word} attribution", model.Name);
        return [.. result.Units.Select((unit, i) => Explained.Of(result, i, model, method, chunk.Rows[i].Name, chunk.Rows[i].Shown, subject.Name(unit), InputLayout.Of(model.Conventions.Axes, chunk.Input!.Dims)) is var explained && subject.Box is { } box
            ? explained with { Unit = box["class"]!.GetValue<int>(), Box = ExplainedBox.Shown(box) }
            : explained)];
    }

    private SaliencySubject SubjectOf(SaliencyTarget target, PictureChunk chunk, RuntimeOptions device, CancellationToken token)
    {
        if (target is ScoredTarget { Score: var score }) return new SaliencySubject(score, unit => targets.Name(score, unit), null);
        var asked = (BoxTarget)target;
        var box = targets.BoxOf(asked, chunk.Input!, chunk.Rows[0].Name, device, token);
        var name = targets.Name(asked, box);
        return new SaliencySubject(box.Target, _ => name, ExplainedBox.Facts(asked.Index, box, model));
    }

    /// <summary>What is explained in the pictures of a chunk.</summary>
    /// <param name="Score">The score.</param>
    /// <param name="Name">Of the unit that was explained.</param>
    /// <param name="Box">What is known of it where it is a box.</param>
    private sealed record SaliencySubject(ScoreTarget Score, Func<long, string> Name, JsonObject? Box);

    /// <summary>Where a piece is explained.</summary>
    private sealed record On(RuntimeOptions Device) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Shards;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>All pictures under all methods for all that is to be explained; what is done when it is interrupted is kept.</summary>
internal sealed class SaliencyRun(VisionModel model, SaliencySource source, SaliencyTargets targets, IReadOnlyList<SaliencyMethod> methods, RuntimeOptions runtime)
{
    private readonly int _chunk = source.Chunk(methods.Any(m => m.RunsOften) ? 1 : PictureBatch.LargestChunk);

    /// <summary>Target by target, in each the pictures that run at once.</summary>
    public WorkCut Cut => new(targets.Targets.Count * Chunks, $"{_chunk}");

    private int Chunks => (source.Count + _chunk - 1) / _chunk;

    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">Interrupted before anything was done.</exception>
    public SaliencyRows All(Output output)
    {
        var done = new SaliencyRows();
        output.WithProgress("Explaining", report =>
        {
            var gate = new Lock();
            var pieces = OverDevices.Run(runtime, Enumerable.Range(0, Cut.Pieces), device => new On(device), Piece, output.Cancellation);
            foreach (var piece in pieces.OfType<SaliencyPiece>()) done.Add(piece);
            // The exit code is going to say that it is not all.
            if (done.Heads.Count == 0) output.Cancellation.ThrowIfCancellationRequested();
            return done;

            SaliencyPiece? Piece(On on, int piece)
            {
                try
                {
                    return Explain(piece, on.Device, new Relay<(double Share, string Text)>(Told), output.Cancellation);
                }
                catch (OperationCanceledException) when (output.Cancellation.IsCancellationRequested)
                {
                    return null;
                }

                void Told((double Share, string Text) p)
                {
                    lock (gate) report.Report(((piece + p.Share) / Cut.Pieces, p.Text));
                }
            }
        });
        return done;
    }

    /// <param name="piece">From 0.</param>
    /// <param name="report">Told the share of the piece that is done, 0 to 1, and the method.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public SaliencyPiece Explain(int piece, IProgress<(double Share, string Text)> report, CancellationToken token) => Explain(piece, runtime, report, token);

    private SaliencyPiece Explain(int piece, RuntimeOptions device, IProgress<(double Share, string Text)> report, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var target = targets.Targets[piece / Chunks];
        var chunk = source.Load(piece % Chunks * _chunk, _chunk, token);
        if (chunk.Input is null) return new SaliencyPiece([], chunk.Skipped);
        var results = methods.Select((m, i) => Explain(
            target, chunk, m, device, new Relay<double>(share => report.Report(((i + share) / methods.Count, m.Word))), token)).ToList();
        return new SaliencyPiece([.. chunk.Rows.Select((row, i) => Row(results.ConvertAll(r => r[i]), row.File))], chunk.Skipped);
    }

    private static SaliencyRow Row(List<Explained> found, InputFile? file) => new(found, file, [.. found
        .Where(e => !e.Attribution.As<float>().ContainsAnyExcept(0f))
        .Select(e => $"The {e.Method.Word} of {e.Subject} on {e.Picture} is zero everywhere{(e.Method.IsLayerMap ? $": nothing in {e.Layer} speaks for it" : "")}.")]);

    private List<Explained> Explain(ScoreTarget target, SaliencyChunk chunk, SaliencyMethod method, RuntimeOptions device, Relay<double> progress, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var result = model.Explain(chunk.Input!, method, target, device, progress, token);
        progress.Report(1);
        Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
        Finite.Checked(result.Attribution, $"the {method.Word} attribution", model.Name);
        return [.. result.Units.Select((unit, i) => Explained.Of(result, i, model, method, chunk.Rows[i].Name, chunk.Rows[i].Shown, targets.Name(target, unit), InputLayout.Of(model.Conventions.Axes, chunk.Input!.Dims)))];
    }

    /// <summary>Where a piece is explained.</summary>
    private sealed record On(RuntimeOptions Device) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

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
            try
            {
                for (var piece = 0; piece < Cut.Pieces; piece++)
                {
                    var before = (double)piece;
                    done.Add(Explain(piece, new Relay<(double Share, string Text)>(p => report.Report(((before + p.Share) / Cut.Pieces, p.Text))), output.Cancellation));
                }
            }
            catch (OperationCanceledException) when (done.Heads.Count > 0)
            {
                // The exit code is going to say so.
            }

            return done;
        });
        return done;
    }

    /// <param name="piece">From 0.</param>
    /// <param name="report">Told the share of the piece that is done, 0 to 1, and the method.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public SaliencyPiece Explain(int piece, IProgress<(double Share, string Text)> report, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var target = targets.Targets[piece / Chunks];
        var chunk = source.Load(piece % Chunks * _chunk, _chunk, token);
        if (chunk.Input is null) return new SaliencyPiece([], chunk.Skipped);
        var results = methods.Select((m, i) => Explain(
            target, chunk, m, new Relay<double>(share => report.Report(((i + share) / methods.Count, m.Word))), token)).ToList();
        return new SaliencyPiece([.. chunk.Rows.Select((row, i) => Row(results.ConvertAll(r => r[i]), row.File))], chunk.Skipped);
    }

    private static SaliencyRow Row(List<Explained> found, InputFile? file) => new(found, file, [.. found
        .Where(e => !e.Attribution.As<float>().ContainsAnyExcept(0f))
        .Select(e => $"The {e.Method.Word} of {e.Subject} on {e.Picture} is zero everywhere{(e.Method.IsLayerMap ? $": nothing in {e.Layer} speaks for it" : "")}.")]);

    private List<Explained> Explain(ScoreTarget target, SaliencyChunk chunk, SaliencyMethod method, Relay<double> progress, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var result = model.Explain(chunk.Input!, method, target, runtime, progress, token);
        progress.Report(1);
        Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
        Finite.Checked(result.Attribution, $"the {method.Word} attribution", model.Name);
        return [.. result.Units.Select((unit, i) => Explained.Of(result, i, model, method, chunk.Rows[i].Name, chunk.Rows[i].Shown, targets.Name(target, unit)))];
    }
}

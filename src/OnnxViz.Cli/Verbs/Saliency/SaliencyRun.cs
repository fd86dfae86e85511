using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>All pictures under all methods for all that is to be explained; what is done when it is interrupted is kept.</summary>
internal sealed class SaliencyRun(VisionModel model, PictureBatch batch, SaliencyTargets targets, IReadOnlyList<SaliencyMethod> methods, RuntimeOptions runtime)
{
    /// <returns>A list for each picture of each target, in it one result for each method.</returns>
    /// <exception cref="OnnxVizException">Numbers that are not finite, and whatever the methods refuse.</exception>
    /// <exception cref="OperationCanceledException">Interrupted before anything was done.</exception>
    public List<List<Explained>> Run(Output output)
    {
        var done = new List<List<Explained>>();
        var chunk = methods.Any(m => m.RunsOften) ? 1 : PictureBatch.LargestChunk;
        output.WithProgress("Explaining", report =>
        {
            try
            {
                var row = 0;
                foreach (var target in targets.Targets)
                {
                    foreach (var rows in batch.Chunks(output.Cancellation, chunk))
                    {
                        var total = (double)batch.Count * targets.Targets.Count;
                        var part = new Part(report, row / total, rows.Dims[0] / total / methods.Count);
                        var results = methods.Select((m, i) => Explain(target, rows, row % batch.Count, m, part.Of(i, m.Word), output.Cancellation)).ToList();
                        for (var i = 0; i < rows.Dims[0]; i++, row++) done.Add(results.ConvertAll(r => r[i]));
                    }
                }
            }
            catch (OperationCanceledException) when (done.Count > 0)
            {
                // The exit code is going to say so.
            }

            return done;
        });
        return done;
    }

    private List<Explained> Explain(ScoreTarget target, Tensor rows, int first, SaliencyMethod method, Relay<double> progress, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var result = model.Explain(rows, method, target, runtime, progress, token);
        progress.Report(1);
        Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
        Finite.Checked(result.Attribution, $"the {method.Word} attribution", model.Name);
        return [.. result.Units.Select((unit, i) =>
            Explained.Of(result, i, model, method, batch.Names[first + i], batch.Shown(first + i, model), targets.Name(target, unit)))];
    }

    /// <summary>A share of the whole, which one method after the other fills.</summary>
    private sealed class Part(IProgress<(double Share, string Text)> whole, double start, double length)
    {
        public Relay<double> Of(int method, string name) => new(share => whole.Report((start + ((method + share) * length), name)));
    }
}

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
        output.WithProgress("Explaining", report =>
        {
            var parts = OverDevices.Run(runtime, Parts(report), device => new On(device), (on, part) => Explain(on.Device, part, output.Cancellation), output.Cancellation);
            done.AddRange(parts.SelectMany(part => part));
            // The exit code is going to say that it is not all.
            if (done.Count == 0) output.Cancellation.ThrowIfCancellationRequested();
            return done;
        });
        return done;
    }

    private IEnumerable<Rows> Parts(IProgress<(double Share, string Text)> report)
    {
        var chunk = methods.Any(m => m.RunsOften) ? 1 : PictureBatch.LargestChunk;
        var (row, total) = (0, (double)batch.Count * targets.Targets.Count);
        foreach (var target in targets.Targets)
        {
            foreach (var rows in batch.Chunks(CancellationToken.None, chunk))
            {
                yield return new(target, rows, row % batch.Count, new Part(report, row / total, rows.Dims[0] / total / methods.Count));
                row += (int)rows.Dims[0];
            }
        }
    }

    /// <returns>A list for each row, in it one result for each method; nothing where it is interrupted.</returns>
    private List<List<Explained>> Explain(RuntimeOptions device, Rows part, CancellationToken token)
    {
        try
        {
            var results = methods.Select((m, i) => Explain(device, part.Target, part.Input, part.First, m, part.Progress.Of(i, m.Word), token)).ToList();
            return [.. Enumerable.Range(0, (int)part.Input.Dims[0]).Select(i => results.ConvertAll(r => r[i]))];
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return [];
        }
    }

    private List<Explained> Explain(RuntimeOptions device, ScoreTarget target, Tensor rows, int first, SaliencyMethod method, Relay<double> progress, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var result = model.Explain(rows, method, target, device, progress, token);
        progress.Report(1);
        Finite.Checked(Tensor.Of(result.Scores, result.Scores.Length), "the score", model.Name);
        Finite.Checked(result.Attribution, $"the {method.Word} attribution", model.Name);
        return [.. result.Units.Select((unit, i) =>
            Explained.Of(result, i, model, method, batch.Names[first + i], batch.Shown(first + i, model), targets.Name(target, unit)))];
    }

    /// <summary>Pictures that are explained at once.</summary>
    private sealed record Rows(ScoreTarget Target, Tensor Input, int First, Part Progress);

    /// <summary>Where a part is explained.</summary>
    private sealed record On(RuntimeOptions Device) : IDisposable
    {
        public void Dispose()
        {
        }
    }

    /// <summary>A share of the whole, which one method after the other fills; devices that work at the same time report one after the other.</summary>
    private sealed class Part(IProgress<(double Share, string Text)> whole, double start, double length)
    {
        public Relay<double> Of(int method, string name) => new(share =>
        {
            lock (whole) whole.Report((start + ((method + share) * length), name));
        });
    }
}

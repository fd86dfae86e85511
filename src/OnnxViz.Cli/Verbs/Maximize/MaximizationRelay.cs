using OnnxViz.Maximize;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>From steps of batches to the share of the whole that is done.</summary>
/// <param name="report">Receives the share, 0 to 1, and a text.</param>
/// <param name="frames">Receives intermediate pictures.</param>
/// <param name="run">Runs that are over.</param>
/// <param name="runs">All runs.</param>
internal sealed class MaximizationRelay(IProgress<(double Share, string Text)> report, FrameFiles frames, int run, int runs)
    : IProgress<MaximizationProgress>
{
    private int? _batch;

    public void Report(MaximizationProgress p)
    {
        frames.Take(p);
        // The first batch is taken for the whole; once it is done its size is known.
        if (p.Done > 0) _batch ??= p.Done;
        var batch = Math.Min(_batch ?? p.Units, p.Units - p.Done);
        var share = (p.Done + ((double)p.Step / p.Steps * batch)) / p.Units;
        report.Report(((run + share) / runs, $"step {p.Step}, objective {Digits.Text(p.Objective)}"));
    }
}

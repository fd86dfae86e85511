using OnnxViz.Maximize;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>From steps of batches to how much of the whole is done: the steps of every octave are work of their own kind, as the larger ones take longer.</summary>
internal sealed class MaximizationRelay
{
    private readonly WorkProgress _progress;
    private readonly FrameFiles _frames;
    private readonly string[] _octaves;
    private readonly int _steps;
    private int _before;

    /// <param name="progress">Receives it.</param>
    /// <param name="frames">Receives intermediate pictures.</param>
    /// <param name="run">What is done.</param>
    /// <param name="number">Of the run among several.</param>
    /// <param name="pictures">That are left to be found.</param>
    public MaximizationRelay(WorkProgress progress, FrameFiles frames, MaximizeRun run, int number, int pictures)
    {
        (_progress, _frames, _steps) = (progress, frames, run.Variant.Options.Steps);
        var sizes = run.Variant.Options.OctaveSizes();
        _octaves = [.. sizes.Select((_, i) => $"{number} {i}")];
        foreach (var (i, (height, width)) in sizes.Index()) progress.Add(_octaves[i], (double)pictures * _steps, (double)height * width);
    }

    /// <summary>What is found next is a batch of so many pictures.</summary>
    public IProgress<MaximizationProgress> Batch(int pictures)
    {
        var before = _before;
        _before += pictures;
        return new Relay<MaximizationProgress>(p =>
        {
            _frames.Take(p);
            if (p.Step < 1) return;
            var (octave, step) = Math.DivRem(p.Step - 1, _steps);
            _progress.Report(_octaves[octave], ((double)before * _steps) + ((step + 1.0) * pictures), $"step {p.Step}, objective {Digits.Text(p.Objective)}");
        });
    }
}

using OnnxViz.Maximize;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>A variant for one model, at the size at which its pictures are found.</summary>
/// <param name="Variant">With the size.</param>
/// <param name="Model">Under the conventions for the size.</param>
/// <param name="Targets">What is maximised.</param>
internal sealed record MaximizeRun(Variant Variant, VisionModel Model, IReadOnlyList<Target> Targets)
{
    public static MaximizeRun Of(MaximizeVerb verb, Variant variant, VisionModel model)
    {
        var options = variant.Options;
        var (height, width) = verb.Onto(new ConventionOptions()).Size is { } size ? (size.Height, size.Width) : model.FixedSize ?? (options.Height, options.Width);
        options = options with { Height = height, Width = width, FramesEvery = FrameFiles.Every(verb, options.Steps * options.Octaves) };
        var sized = model.With(model.Conventions with { Height = height, Width = width });
        return new(variant with { Options = options }, sized, Maximize.Targets.Of(verb, options, sized));
    }

    /// <summary>The pictures of all runs, target by target, and of each one recipe after the other.</summary>
    public static IReadOnlyList<MaximizationResult> All(
        IReadOnlyList<MaximizeRun> runs, RuntimeOptions runtime, IProgress<(double Share, string Text)> report, FrameFiles frames, CancellationToken token)
    {
        var found = new List<(int Target, MaximizationResult Result)>();
        foreach (var (i, run) in runs.Index())
        {
            if (i > 0 && token.IsCancellationRequested) break;
            var results = ActivationMaximization.Run(
                run.Model, [.. run.Targets.Select(t => t.Goal)], run.Variant.Options, runtime, new MaximizationRelay(report, frames, i, runs.Count), token);
            found.AddRange(results.Zip(run.Targets, (m, t) => new MaximizationResult(run.Variant.Recipe, t, m)).Index());
        }

        return [.. found.OrderBy(f => f.Target).Select(f => f.Result)];
    }
}

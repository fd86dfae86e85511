using OnnxViz.Objectives;

namespace OnnxViz.Maximize;

/// <summary>
/// Pictures that a unit responds to most strongly (Erhan et al. 2009; Simonyan et al. 2013; Olah et al. 2017). One
/// step - parameterisation, transform, model, objective, gradient, update - is one ONNX graph; the pictures of a run
/// are rows of its batch.
/// </summary>
public static class ActivationMaximization
{
    /// <summary>One picture for each of some units of a layer, or one for each number where the whole layer grows.</summary>
    public static IReadOnlyList<Maximization> Run(
        VisionModel model,
        Value layer,
        IReadOnlyList<int> units,
        MaximizeOptions options,
        RuntimeOptions runtime,
        IProgress<MaximizationProgress>? progress = null,
        CancellationToken token = default) =>
        Run(model, [.. units.Select(u => new MaximizationGoal(options.Objective == MaximizeObjective.Layer ? Objective.WholeLayer(layer) : Objective.Unit(layer, u, options.Reduction)))], options, runtime, progress, token);

    /// <param name="model">The network; only what lies before the layers is run.</param>
    /// <param name="goals">What is asked for, one picture each.</param>
    /// <param name="options">How.</param>
    /// <param name="runtime">Where.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Stops within a step; what was found so far is returned.</param>
    /// <returns>One result per goal, in their order; none for goals whose first step was not done.</returns>
    public static IReadOnlyList<Maximization> Run(
        VisionModel model,
        IReadOnlyList<MaximizationGoal> goals,
        MaximizeOptions options,
        RuntimeOptions runtime,
        IProgress<MaximizationProgress>? progress = null,
        CancellationToken token = default)
    {
        using var batches = Batches(model, goals, options, runtime, progress, token);
        var results = new List<Maximization>();
        while (results.Count < goals.Count && !token.IsCancellationRequested) results.AddRange(batches.Find(results.Count));
        return results;
    }

    /// <summary>The same, to be found batch by batch.</summary>
    internal static BatchRun Batches(
        VisionModel model, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options, RuntimeOptions runtime, IProgress<MaximizationProgress>? progress, CancellationToken token)
    {
        options.Check();
        if (model.FixedSize is var (h, w) && (h, w) != (options.Height, options.Width))
            throw OnnxVizException.BadArgument("Size", $"{options.Height}x{options.Width}: {model.Name} takes pictures of {h}x{w} only.");
        return new BatchRun(model, goals, options, runtime, progress, token);
    }
}

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
        Check(model, options);
        var devices = runtime.Apart;
        var size = devices.Min(d => BatchRun.SizeFor(model, goals, options, d.Device, devices.Count));
        if (devices.Count > 1 && progress is { } shared) progress = new OneByOne(shared);
        var starts = Enumerable.Range(0, (goals.Count + size - 1) / size).Select(i => i * size);
        return [.. OverDevices.Run(
            runtime, starts, device => new BatchRun(model, goals, options, device, size, progress, token), (batches, start) => batches.Find(start), token)
            .SelectMany(found => found)];
    }

    /// <summary>The same, to be found batch by batch.</summary>
    internal static BatchRun Batches(
        VisionModel model, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options, RuntimeOptions runtime, IProgress<MaximizationProgress>? progress, CancellationToken token)
    {
        Check(model, options);
        return new BatchRun(model, goals, options, runtime, BatchRun.SizeFor(model, goals, options, runtime.Device, devices: 1), progress, token);
    }

    private static void Check(VisionModel model, MaximizeOptions options)
    {
        options.Check();
        if (model.FixedSize is var (h, w) && (h, w) != (options.Height, options.Width))
            throw OnnxVizException.BadArgument("Size", $"{options.Height}x{options.Width}: {model.Name} takes pictures of {h}x{w} only.");
    }

    /// <summary>Devices that work at the same time report one after the other.</summary>
    private sealed class OneByOne(IProgress<MaximizationProgress> progress) : IProgress<MaximizationProgress>
    {
        private readonly Lock _gate = new();

        public void Report(MaximizationProgress value)
        {
            lock (_gate) progress.Report(value);
        }
    }
}

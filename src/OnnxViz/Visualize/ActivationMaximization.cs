using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// Pictures that a unit responds to most strongly (Erhan et al. 2009; Simonyan et al. 2013; Olah et al. 2017). One
/// step - parameterisation, transform, model, objective, gradient, update - is one ONNX graph; the pictures of a run
/// are rows of its batch.
/// </summary>
public static class ActivationMaximization
{
    /// <summary>One picture for each of some units of a layer, by the options' objective.</summary>
    public static IReadOnlyList<Maximization> Run(
        VisionModel model,
        Value layer,
        IReadOnlyList<int> units,
        MaximizationOptions options,
        RuntimeOptions runtime,
        IProgress<MaximizationProgress>? progress = null,
        CancellationToken token = default) =>
        Run(model, [.. units.Select(u => new MaximizationGoal(ObjectiveSum.Unit(layer, u, options.Objective)))], options, runtime, progress, token);

    /// <param name="model">The network; only what lies before the layers is run.</param>
    /// <param name="goals">What is asked for, one picture each.</param>
    /// <param name="options">How.</param>
    /// <param name="runtime">Where.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Stops within a step; what was found so far is returned.</param>
    /// <returns>One result per goal, in their order; none for goals whose turn did not come.</returns>
    public static IReadOnlyList<Maximization> Run(
        VisionModel model,
        IReadOnlyList<MaximizationGoal> goals,
        MaximizationOptions options,
        RuntimeOptions runtime,
        IProgress<MaximizationProgress>? progress = null,
        CancellationToken token = default)
    {
        CheckSize(model, options);
        var sizes = options.Octaves.Sizes(options.Height, options.Width);
        var slots = ObjectiveSlots.For(model, [.. goals.Select(g => g.Objective)], options.Height, options.Width);
        var results = new List<Maximization>();
        var batch = MaximizationGraph.BatchSize(model, slots.Layers, goals, options);
        Stepper? stepper = null;
        try
        {
            for (var start = 0; start < goals.Count && (start == 0 || !token.IsCancellationRequested); start += batch)
            {
                int[] rows = [.. Enumerable.Range(start, Math.Min(batch, goals.Count - start))];
                MaximizationGoal[] chosen = [.. rows.Select(row => goals[row])];
                Tensor? pictures = null;
                var done = 0;
                foreach (var (octave, size) in sizes.Index())
                {
                    // After Ctrl-C what was found so far is only brought to its size.
                    var isLast = octave == sizes.Count - 1;
                    if (token.IsCancellationRequested && !isLast) continue;
                    if (stepper?.Count != rows.Length || (stepper.Parameterization.Height, stepper.Parameterization.Width) != size)
                    {
                        stepper?.Dispose();
                        var sized = options with { Height = size.Height, Width = size.Width };
                        stepper = new Stepper(model, slots, rows.Length, NewParameterization(model, sized), sized, runtime);
                    }

                    var p = stepper.Parameterization;
                    var (parameter, steps) = stepper.Run(
                        chosen,
                        pictures is null ? Tensors.Join(options.Init.Parameters(p, model, goals, rows, options), p.Dims) : p.FromPictures(pictures),
                        new CounterRandom(options.Seed, (ulong)octave),
                        (step, objective) => progress?.Report(new((octave * options.Steps) + step, sizes.Count * options.Steps, start, goals.Count, objective)),
                        token);
                    done += steps;
                    if (isLast) results.AddRange(stepper.Look(chosen, parameter, done));
                    else pictures = stepper.PicturesOf(parameter);
                }
            }
        }
        finally
        {
            stepper?.Dispose();
        }

        return results;
    }

    private static Parameterization NewParameterization(VisionModel model, MaximizationOptions options) => options.Param switch
    {
        ParameterKind.Tensor => new TensorParameterization(model, options.Height, options.Width),
        ParameterKind.Pixel => new PixelParameterization(options.Height, options.Width),
        _ => new FourierParameterization(options.Height, options.Width, options.Decay),
    };

    private static void CheckSize(VisionModel model, MaximizationOptions options)
    {
        if (model.FixedSize is var (h, w) && (h, w) != (options.Height, options.Width))
            throw OnnxVizException.Usage($"{model.Name} takes pictures of {h}x{w} only; leave --size out or give that.");
    }
}

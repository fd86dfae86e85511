using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// Pictures that a unit responds to most strongly (Erhan et al. 2009; Simonyan et al. 2013; Olah et al. 2017). One
/// step - parameterisation, transform, model, objective, gradient, update - is one ONNX graph; the units of a layer
/// are rows of its batch.
/// </summary>
public static class ActivationMaximization
{
    /// <param name="model">The network; only what lies before the layer is run.</param>
    /// <param name="layer">A value of the model's graph.</param>
    /// <param name="units">Channels of the layer, or classes.</param>
    /// <param name="options">How.</param>
    /// <param name="runtime">Where.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Stops within a step; what was found so far is returned.</param>
    /// <returns>One result per unit, in their order; none for units whose turn did not come.</returns>
    public static IReadOnlyList<Maximization> Run(
        VisionModel model,
        Value layer,
        IReadOnlyList<int> units,
        MaximizationOptions options,
        RuntimeOptions runtime,
        IProgress<MaximizationProgress>? progress = null,
        CancellationToken token = default)
    {
        CheckSize(model, options);
        var parameterization = NewParameterization(model, options);
        var initial = options.Init.Parameters(parameterization, model, units, [.. Enumerable.Range(0, units.Count)], options);
        var results = new List<Maximization>();
        var batch = MaximizationGraph.BatchSize(model, layer, units, options);
        Stepper? stepper = null;
        try
        {
            for (var start = 0; start < units.Count && (start == 0 || !token.IsCancellationRequested); start += batch)
            {
                int[] rows = [.. units.Skip(start).Take(batch)];
                if (stepper?.Count != rows.Length)
                {
                    stepper?.Dispose();
                    stepper = new Stepper(model, layer, rows.Length, parameterization, options, runtime);
                }

                var first = start;
                results.AddRange(stepper.Run(
                    rows,
                    Tensors.Join([.. initial.Skip(start).Take(rows.Length)], parameterization.Dims),
                    (step, objective) => progress?.Report(new(step, options.Steps, first, units.Count, objective)),
                    token));
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

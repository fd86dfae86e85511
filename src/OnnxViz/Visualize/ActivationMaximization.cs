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
        for (var start = 0; start < units.Count && (start == 0 || !token.IsCancellationRequested); start += batch)
        {
            int[] rows = [.. units.Skip(start).Take(batch)];
            var parameters = Tensors.Join([.. initial.Skip(start).Take(rows.Length)], parameterization.Dims);
            var (found, steps) = Optimize(model, layer, rows, parameterization, parameters, options, runtime, Report, token);
            results.AddRange(Finish(model, layer, rows, parameterization, found, steps, options, runtime));

            void Report(int step, float objective) => progress?.Report(new(step, options.Steps, start, units.Count, objective));
        }

        return results;
    }

    private static (Tensor Parameter, int Steps) Optimize(
        VisionModel model, Value layer, int[] units, Parameterization parameterization, Tensor initial, MaximizationOptions options,
        RuntimeOptions runtime, Action<int, float> report, CancellationToken token)
    {
        var graph = new MaximizationGraph(model, layer, units.Length, parameterization, initial, options);
        using var session = new Session(graph.Build(), runtime);
        using var loop = new StepLoop(session, graph.States, new Dictionary<string, long[]> { ["objective"] = [units.Length] });
        loop.Set("unit", Tensor.Of(Array.ConvertAll(units, u => (long)u), units.Length));
        var random = new CounterRandom(options.Seed, 0);
        for (var step = 1; step <= options.Steps; step++)
        {
            if (token.IsCancellationRequested) return (loop.State("parameter"), step - 1);
            graph.Schedule(loop, step, random);
            loop.Step();
            var objective = loop.Reported("objective").Average();
            if (!float.IsFinite(objective))
                throw OnnxVizException.Input($"The objective became {objective} at step {step}: the model's weights hold NaN or the step is too large (try a smaller --lr).");
            report(step, objective);
        }

        return (loop.State("parameter"), options.Steps);
    }

    /// <summary>The picture without transforms, and the objective that it reaches.</summary>
    private static IEnumerable<Maximization> Finish(
        VisionModel model, Value layer, int[] units, Parameterization parameterization, Tensor parameter, int steps,
        MaximizationOptions options, RuntimeOptions runtime)
    {
        var b = Specialization.NewBuilder(model);
        var input = MaximizationGraph.ModelInput(b, model, parameterization.Picture(b, b.Input("parameter", ElementType.Float, parameter.Dims)), options);
        var activation = Specialization.Into(b, model, input, layer)[layer];
        var unit = b.Constant(Tensor.Of(Array.ConvertAll(units, u => (long)u), units.Length));
        b.Output("input", input);
        b.Output("objective", b.Score(options.Objective, activation, unit).Value);
        using var session = new Session(b.Build(), runtime);
        var results = session.Run(new Dictionary<string, Tensor> { ["parameter"] = parameter });
        var objectives = results["objective"].ToFloats();
        for (var i = 0; i < units.Length; i++)
        {
            var row = Tensors.Row(results["input"], i);
            var tensor = Tensor.Of(row, [1, .. results["input"].Dims[1..]]);
            yield return new Maximization(units[i], tensor, Pictures.FromInput(row, model.Conventions, options.Width, options.Height), objectives[i], steps);
        }
    }

    private static Parameterization NewParameterization(VisionModel model, MaximizationOptions options) => options.Param switch
    {
        ParameterKind.Tensor => new TensorParameterization(model, options.Height, options.Width),
        ParameterKind.Pixel => new PixelParameterization(options.Height, options.Width),
        _ => new FourierParameterization(options.Height, options.Width),
    };

    private static void CheckSize(VisionModel model, MaximizationOptions options)
    {
        if (model.FixedSize is var (h, w) && (h, w) != (options.Height, options.Width))
            throw OnnxVizException.Usage($"{model.Name} takes pictures of {h}x{w} only; leave --size out or give that.");
    }
}

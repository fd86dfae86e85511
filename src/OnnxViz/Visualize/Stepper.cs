using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// The two sessions of a maximisation, for a given number of units at a time: the step, and the look at the result
/// without transforms. Which units they are is an input, so that they serve a whole layer.
/// </summary>
internal sealed class Stepper : IDisposable
{
    private readonly VisionModel _model;
    private readonly MaximizationOptions _options;
    private readonly MaximizationGraph _graph;
    private readonly Session _step;
    private readonly Session _look;

    public Stepper(
        VisionModel model, Value layer, int count, Parameterization parameterization, MaximizationOptions options, RuntimeOptions runtime)
    {
        (Count, _model, _options) = (count, model, options);
        _graph = new MaximizationGraph(model, layer, count, parameterization, options);
        _step = new Session(_graph.Build(), runtime);
        _look = new Session(Look(layer, parameterization), runtime);
    }

    /// <summary>Units at a time.</summary>
    public int Count { get; }

    /// <param name="units">As many as Count.</param>
    /// <param name="initial">The parameters to start from, one row per unit.</param>
    /// <param name="report">Told the number of each step that is done and the mean objective.</param>
    /// <param name="token">Stops between two steps.</param>
    public IEnumerable<Maximization> Run(int[] units, Tensor initial, Action<int, float> report, CancellationToken token)
    {
        var unit = Tensor.Of(Array.ConvertAll(units, u => (long)u), units.Length);
        using var loop = new StepLoop(_step, _graph.States(initial), new Dictionary<string, long[]> { ["objective"] = [Count] });
        loop.Set("unit", unit);
        var random = new CounterRandom(_options.Seed, 0);
        var done = 0;
        while (done < _options.Steps && !token.IsCancellationRequested)
        {
            _graph.Schedule(loop, ++done, random);
            loop.Step();
            var objective = loop.Reported("objective").Average();
            if (!float.IsFinite(objective))
            {
                throw OnnxVizException.Input(
                    $"The objective became {objective} at step {done}: the model's weights hold NaN, or the steps are too large (try a smaller --lr).");
            }

            report(done, objective);
        }

        return Results(units, _look.Run(new Dictionary<string, Tensor> { ["parameter"] = loop.State("parameter"), ["unit"] = unit }), done);
    }

    public void Dispose()
    {
        _step.Dispose();
        _look.Dispose();
    }

    private Graph Look(Value layer, Parameterization parameterization)
    {
        var b = Specialization.NewBuilder(_model);
        var parameter = b.Input("parameter", ElementType.Float, [Count, .. parameterization.Dims]);
        var unit = b.Input("unit", ElementType.Int64, Count);
        var input = MaximizationGraph.ModelInput(b, _model, parameterization.Picture(b, parameter), _options);
        b.Output("input", input);
        b.Output("objective", b.Score(_options.Objective, Specialization.Into(b, _model, input, layer)[layer], unit).Value);
        return b.Build();
    }

    private Maximization[] Results(int[] units, IReadOnlyDictionary<string, Tensor> found, int steps)
    {
        var objectives = found["objective"].ToFloats();
        return [.. units.Select((unit, i) =>
        {
            var row = Tensors.Row(found["input"], i);
            var picture = Pictures.FromInput(row, _model.Conventions, _options.Width, _options.Height);
            return new Maximization(unit, Tensor.Of(row, [1, .. found["input"].Dims[1..]]), picture, objectives[i], steps);
        })];
    }
}

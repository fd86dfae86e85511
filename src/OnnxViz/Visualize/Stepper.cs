using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// The sessions of a maximisation at one size, for a given number of units at a time: the step, and the look at the
/// result without transforms. Which units they are is an input, so that they serve a whole layer.
/// </summary>
internal sealed class Stepper : IDisposable
{
    private readonly VisionModel _model;
    private readonly Value _layer;
    private readonly MaximizationOptions _options;
    private readonly MaximizationGraph _graph;
    private readonly RuntimeOptions _runtime;
    private readonly Session _step;
    private Session? _look;

    public Stepper(
        VisionModel model, Value layer, int count, Parameterization parameterization, MaximizationOptions options, RuntimeOptions runtime)
    {
        (Count, Parameterization, _model, _layer, _options, _runtime) = (count, parameterization, model, layer, options, runtime);
        _graph = new MaximizationGraph(model, layer, count, parameterization, options);
        _step = new Session(_graph.Build(), runtime);
    }

    /// <summary>Units at a time.</summary>
    public int Count { get; }

    public Parameterization Parameterization { get; }

    /// <param name="units">As many as Count.</param>
    /// <param name="initial">The parameters to start from, one row per unit.</param>
    /// <param name="random">What the transforms are drawn from.</param>
    /// <param name="report">Told the number of each step that is done and the mean objective.</param>
    /// <param name="token">Stops between two steps.</param>
    /// <returns>The parameters in the end, and the steps that were made.</returns>
    public (Tensor Parameter, int Steps) Run(int[] units, Tensor initial, CounterRandom random, Action<int, float> report, CancellationToken token)
    {
        using var loop = new StepLoop(_step, _graph.States(initial), new Dictionary<string, long[]> { ["objective"] = [Count] });
        loop.Set("unit", Numbers(units));
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

        return (loop.State("parameter"), done);
    }

    /// <summary>What was found, and what the units say to it without transforms.</summary>
    /// <param name="units">As many as Count.</param>
    /// <param name="parameter">Of Run.</param>
    /// <param name="steps">That were made.</param>
    public Maximization[] Look(int[] units, Tensor parameter, int steps)
    {
        _look ??= new Session(LookGraph(), _runtime);
        var found = _look.Run(new Dictionary<string, Tensor> { ["parameter"] = parameter, ["unit"] = Numbers(units) });
        var objectives = found["objective"].ToFloats();
        return [.. units.Select((unit, i) =>
        {
            var row = Tensors.Row(found["input"], i);
            var picture = Pictures.FromInput(row, _model.Conventions, _options.Width, _options.Height);
            return new Maximization(unit, Tensor.Of(row, [1, .. found["input"].Dims[1..]]), picture, objectives[i], steps);
        })];
    }

    /// <summary>The pictures that parameters stand for, [N, C, H, W].</summary>
    public Tensor PicturesOf(Tensor parameter)
    {
        var b = new GraphBuilder("pictures");
        b.Output("pictures", Parameterization.Picture(b, b.Input("parameter", ElementType.Float, parameter.Dims)));
        using var session = new Session(b.Build(), _runtime);
        return session.Run(new Dictionary<string, Tensor> { ["parameter"] = parameter })["pictures"];
    }

    public void Dispose()
    {
        _step.Dispose();
        _look?.Dispose();
    }

    private Graph LookGraph()
    {
        var b = Specialization.NewBuilder(_model);
        var parameter = b.Input("parameter", ElementType.Float, [Count, .. Parameterization.Dims]);
        var unit = b.Input("unit", ElementType.Int64, Count);
        var input = Parameterization.ModelInput(b, Parameterization.Picture(b, parameter), _model.Conventions);
        b.Output("input", input);
        b.Output("objective", b.Score(_options.Objective, Specialization.Into(b, _model, input, _layer).Units(_layer), unit).Value);
        return b.Build();
    }

    private static Tensor Numbers(int[] units) => Tensor.Of(Array.ConvertAll(units, u => (long)u), units.Length);
}

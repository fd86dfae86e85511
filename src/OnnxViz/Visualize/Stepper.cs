using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// The sessions of a maximisation at one size, for a given number of pictures at a time: the step, and the look at
/// the result without transforms. Which units they show is an input, so that they serve a whole layer.
/// </summary>
internal sealed class Stepper : IDisposable
{
    private readonly VisionModel _model;
    private readonly ObjectiveSlots _slots;
    private readonly MaximizationOptions _options;
    private readonly MaximizationGraph _graph;
    private readonly RuntimeOptions _runtime;
    private readonly Session _step;
    private Session? _look;

    public Stepper(
        VisionModel model, ObjectiveSlots slots, int count, Parameterization parameterization, MaximizationOptions options, RuntimeOptions runtime)
    {
        (Count, Parameterization, _model, _slots, _options, _runtime) = (count, parameterization, model, slots, options, runtime);
        _graph = new MaximizationGraph(model, slots, count, parameterization, options);
        _step = new Session(_graph.Build(), runtime);
    }

    /// <summary>Pictures at a time.</summary>
    public int Count { get; }

    public Parameterization Parameterization { get; }

    /// <param name="rows">As many as Count.</param>
    /// <param name="initial">The parameters to start from, one row each.</param>
    /// <param name="random">What the transforms are drawn from.</param>
    /// <param name="report">Told the number of each step that is done and the mean objective.</param>
    /// <param name="token">Stops between two steps.</param>
    /// <returns>The parameters in the end, and the steps that were made.</returns>
    public (Tensor Parameter, int Steps) Run(IReadOnlyList<MaximizationGoal> rows, Tensor initial, CounterRandom random, Action<int, float> report, CancellationToken token)
    {
        using var loop = new StepLoop(_step, _graph.States(initial), new Dictionary<string, long[]> { ["objective"] = [Count] });
        foreach (var (name, value) in _graph.Inputs(rows)) loop.Set(name, value);
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

    /// <summary>What was found, and what the network says to it without transforms.</summary>
    /// <param name="rows">As many as Count.</param>
    /// <param name="parameter">Of Run.</param>
    /// <param name="steps">That were made.</param>
    public Maximization[] Look(IReadOnlyList<MaximizationGoal> rows, Tensor parameter, int steps)
    {
        _look ??= new Session(LookGraph(), _runtime);
        var found = _look.Run(new Dictionary<string, Tensor>(_slots.Inputs([.. rows.Select(r => r.Objective)])) { ["parameter"] = parameter });
        var objectives = found["objective"].ToFloats();
        return [.. rows.Select((goal, i) =>
        {
            var row = Tensors.Row(found["input"], i);
            var picture = Pictures.FromInput(row, _model.Conventions, _options.Width, _options.Height);
            return new Maximization(goal.Objective.OnlyUnit, Tensor.Of(row, [1, .. found["input"].Dims[1..]]), picture, objectives[i], steps);
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
        var input = Parameterization.ModelInput(b, Parameterization.Picture(b, parameter), _model.Conventions);
        b.Output("input", input);
        var forward = Specialization.Into(b, _model, input, [.. _slots.Layers]);
        var score = _slots.Emit(b, _slots.Layers.ToDictionary(l => l, forward.Units), (_options.Height, _options.Width));
        b.Output("objective", score.Value);
        return b.Build();
    }
}

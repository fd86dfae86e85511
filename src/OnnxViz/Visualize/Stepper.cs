using OnnxViz.Autodiff;
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
    private MaximizationGraph? _awakening;
    private Session? _awake;

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
    /// <param name="redirectSteps">Steps by redirected gradients before the others, fewer than all.</param>
    /// <param name="report">Told the number of each step that is done and the mean objective.</param>
    /// <param name="token">Stops between two steps.</param>
    public StepperResult Run(
        IReadOnlyList<MaximizationGoal> rows, Tensor initial, CounterRandom random, int redirectSteps, Action<int, float> report, CancellationToken token)
    {
        var states = _graph.States(initial);
        var done = 0;
        if (redirectSteps > 0)
        {
            _awakening ??= new MaximizationGraph(_model, _slots.Awakening, Count, Parameterization, _options, GradientRules.Redirected);
            _awake ??= new Session(_awakening.Build(), _runtime);
            using var first = Start(_awake, _awakening, rows, states);
            Steps(first, _awakening, redirectSteps, _ => true);
            states = [.. states.Select(s => s with { Initial = first.State(s.Input) })];
        }

        bool[]? isSilent = null;
        using var loop = Start(_step, _graph, rows, states);
        Steps(loop, _graph, _options.Steps, l =>
        {
            // Exactly nothing comes through a network of ReLUs that are all closed.
            if (_options.Awakens) isSilent ??= Array.ConvertAll(l.Reported("response"), r => r == 0);
            return isSilent is null || !isSilent.All(s => s);
        });
        return new(loop.State("parameter"), done, isSilent ?? new bool[Count], _options.Param == ParameterKind.Maco ? loop.State(MaximizationGraph.Transparency) : null);

        void Steps(StepLoop running, MaximizationGraph graph, int until, Func<StepLoop, bool> goesOn)
        {
            while (done < until && !token.IsCancellationRequested)
            {
                graph.Schedule(running, ++done, random);
                running.Step();
                report(done, FiniteObjective(running, done));
                if (!goesOn(running)) break;
            }
        }
    }

    /// <summary>What was found, and what the network says to it without transforms.</summary>
    /// <param name="rows">As many as Count.</param>
    /// <param name="parameter">Of Run.</param>
    /// <param name="steps">That were made.</param>
    /// <param name="transparency">Of Run.</param>
    public Maximization[] Look(IReadOnlyList<MaximizationGoal> rows, Tensor parameter, int steps, Tensor? transparency)
    {
        _look ??= new Session(LookGraph(), _runtime);
        var found = _look.Run(new Dictionary<string, Tensor>(_slots.Inputs([.. rows.Select(r => r.Objective)])) { ["parameter"] = parameter });
        var objectives = found["objective"].ToFloats();
        return [.. rows.Select((goal, i) =>
        {
            var row = Tensors.Row(found["input"], i);
            var input = Tensor.Of(row, [1, .. found["input"].Dims[1..]]);
            if (transparency is null) return new Maximization(goal.Objective.OnlyUnit, input, Pictures.FromInput(row, _model.Conventions, _options.Width, _options.Height), objectives[i], steps);
            var alpha = TransparentPicture.Alpha(Tensors.Row(transparency, i), _options.Height * _options.Width);
            var planes = Tensors.Row(found["picture"], i);
            var picture = TransparentPicture.OnWhite(planes, alpha, _options.Width, _options.Height);
            return new Maximization(goal.Objective.OnlyUnit, input, picture, objectives[i], steps) { Alpha = Tensor.Of(alpha, _options.Height, _options.Width) };
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
        _awake?.Dispose();
    }

    private StepLoop Start(Session session, MaximizationGraph graph, IReadOnlyList<MaximizationGoal> rows, IReadOnlyList<StepState> states)
    {
        var reported = new Dictionary<string, long[]> { ["objective"] = [Count] };
        if (_options.Awakens) reported["response"] = [Count];
        var loop = new StepLoop(session, states, reported);
        foreach (var (name, value) in graph.Inputs(rows)) loop.Set(name, value);
        return loop;
    }

    private static float FiniteObjective(StepLoop loop, int step) => loop.Reported("objective").Average() is var objective && float.IsFinite(objective)
        ? objective
        : throw OnnxVizException.Input(
            $"The objective became {objective} at step {step}: the model's weights hold NaN, or the steps are too large (try a smaller --lr).");

    private Graph LookGraph()
    {
        var b = Specialization.NewBuilder(_model);
        var parameter = b.Input("parameter", ElementType.Float, [Count, .. Parameterization.Dims]);
        var picture = Parameterization.Picture(b, parameter);
        var input = Parameterization.ModelInput(b, picture, _model.Conventions);
        b.Output("picture", picture);
        b.Output("input", input);
        var forward = Specialization.Into(b, _model, input, [.. _slots.Layers]);
        var score = _slots.Emit(b, _slots.Layers.ToDictionary(l => l, forward.Units), (_options.Height, _options.Width));
        b.Output("objective", score.Value);
        return b.Build();
    }
}

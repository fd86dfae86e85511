using OnnxViz.Autodiff;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime.Memory;

namespace OnnxViz.Maximize;

/// <summary>
/// The sessions that optimise a batch of pictures at one size: the step, and the evaluation of the result without
/// transforms. Units are an input of the graphs, so one instance serves all batches of a run.
/// </summary>
internal sealed class Optimization : IDisposable
{
    private readonly VisionModel _model;
    private readonly ObjectiveSlots _slots;
    private readonly MaximizeOptions _options;
    private readonly StepGraph _graph;
    private readonly RuntimeOptions _runtime;
    private readonly Graph _built;
    private StepSession? _step;
    private Session? _look;
    private Session? _pictures;
    private StepGraph? _warmUp;
    private StepSession? _warmUpStep;

    public Optimization(
        VisionModel model, ObjectiveSlots slots, int count, Parameterization parameterization, MaximizeOptions options, RuntimeOptions runtime)
    {
        (Count, Parameterization, _model, _slots, _options, _runtime) = (count, parameterization, model, slots, options, runtime.Or(Precision.Tf32));
        _graph = new StepGraph(model, slots, count, parameterization, options);
        _built = _graph.Build();
        // What it starts from takes long where it is large.
        MemoryNeed.Require(_built, _runtime.FreeMemory());
    }

    /// <summary>Pictures at a time.</summary>
    public int Count { get; }

    public Parameterization Parameterization { get; }

    /// <param name="rows">As many as Count.</param>
    /// <param name="initial">The parameters to start from, one row each.</param>
    /// <param name="random">What the transforms are drawn from.</param>
    /// <param name="redirectSteps">Steps by redirected gradients before the others, fewer than all.</param>
    /// <param name="report">Told the number of each step that is done, the mean objective and, where it is their turn, the pictures.</param>
    /// <param name="token">Stops within a step, whose work is lost.</param>
    public OptimizationResult Run(
        IReadOnlyList<MaximizationGoal> rows, Tensor initial, CounterRandom random, int redirectSteps, Action<int, float, IReadOnlyList<Image>> report,
        CancellationToken token)
    {
        var states = _graph.States(initial);
        var (done, objectives) = (0, Array.Empty<float>());
        try
        {
            token.ThrowIfCancellationRequested();
            _step ??= new StepSession(_built, _runtime with { Token = token }, _options.Steps);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new(initial, 0, objectives, new bool[Count], states.FirstOrDefault(s => s.Input == StepGraph.Transparency)?.Initial);
        }

        if (redirectSteps > 0)
        {
            _warmUp ??= new StepGraph(_model, _slots.WarmUp, Count, Parameterization, _options, GradientRules.Redirected);
            _warmUpStep ??= new StepSession(_warmUp.Build(), _runtime, redirectSteps);
            using var first = Start(_warmUpStep, _warmUp, rows, states);
            Steps(first, _warmUp, redirectSteps, _ => true);
            states = [.. states.Select(s => s with { Initial = first.State(s.Input) })];
        }

        bool[]? isSilent = null;
        using var loop = Start(_step, _graph, rows, states);
        Steps(loop, _graph, _options.Steps, l =>
        {
            // Exactly nothing comes through a network of ReLUs that are all closed.
            if (_options.RevivesDeadUnits) isSilent ??= Array.ConvertAll(l.Reported("response"), r => r == 0);
            return isSilent is null || !isSilent.All(s => s);
        });
        return new(loop.State("parameter"), done, objectives, isSilent ?? new bool[Count], TransparencyOf(loop));

        void Steps(StepLoop running, StepGraph graph, int until, Func<StepLoop, bool> goesOn)
        {
            while (done < until && !token.IsCancellationRequested)
            {
                graph.Schedule(running, done + 1, random);
                if (!running.TryStep(token)) break;
                objectives = running.Reported("objective");
                report(++done, FiniteMean(objectives, done), FramesAt(running, done));
                if (!goesOn(running)) break;
            }
        }
    }

    /// <summary>
    /// What was found, and its objective, evaluated without transforms. After an interruption the objective is the last
    /// step's; without any step nothing is returned.
    /// </summary>
    /// <param name="rows">As many as Count.</param>
    /// <param name="result">Of Run.</param>
    /// <param name="token">Cancelled: the network is not run again.</param>
    public Maximization[] Look(IReadOnlyList<MaximizationGoal> rows, OptimizationResult result, CancellationToken token)
    {
        var (objectives, transparency) = (result.Objectives, result.Transparency);
        IReadOnlyDictionary<string, Tensor> found;
        try
        {
            token.ThrowIfCancellationRequested();
            _look ??= new Session(LookGraph(), _runtime);
            found = _look.Run(new Dictionary<string, Tensor>(_slots.Inputs([.. rows.Select(r => r.Objective)])) { ["parameter"] = result.Parameter }, token);
            objectives = found["objective"].ToFloats();
        }
        catch (OperationCanceledException)
        {
            if (objectives.Length == 0) return [];
            found = Look(result.Parameter);
        }

        return [.. rows.Select((goal, i) =>
        {
            var row = Tensors.Row(found["input"], i);
            var input = Tensor.Of(row, [1, .. found["input"].Dims[1..]]);
            return new Maximization(goal.Objective.OnlyUnit, input, Shown(found, transparency, i), objectives[i], result.Steps)
            {
                Alpha = transparency is null ? null : Tensor.Of(Alpha(transparency, i), _options.Height, _options.Width),
            };
        })];
    }

    /// <summary>The pictures that parameters stand for, [N, C, H, W].</summary>
    public Tensor PicturesOf(Tensor parameter) => Look(parameter)["picture"];

    public void Dispose()
    {
        _step?.Dispose();
        _look?.Dispose();
        _warmUpStep?.Dispose();
        _pictures?.Dispose();
    }

    private IReadOnlyList<Image> FramesAt(StepLoop loop, int done)
    {
        if (_options.FramesEvery == 0 || (done % _options.FramesEvery != 0 && done != _options.Steps)) return [];
        var found = Look(loop.State("parameter"));
        var transparency = TransparencyOf(loop);
        return [.. Enumerable.Range(0, Count).Select(i => Shown(found, transparency, i))];
    }

    /// <summary>Pictures and inputs, without evaluating the objective.</summary>
    private IReadOnlyDictionary<string, Tensor> Look(Tensor parameter)
    {
        if (_pictures is null)
        {
            var b = ShapedModel.NewBuilder(_model);
            EmitPicture(b);
            _pictures = new Session(b.Build(), _runtime);
        }

        return _pictures.Run(new Dictionary<string, Tensor> { ["parameter"] = parameter });
    }

    private Tensor? TransparencyOf(StepLoop loop) => _options.Param == ParameterKind.Maco ? loop.State(StepGraph.Transparency) : null;

    private Image Shown(IReadOnlyDictionary<string, Tensor> found, Tensor? transparency, int row) => transparency is null
        ? Pictures.FromInput(Tensors.Row(found["input"], row), _model.Conventions, _options.Width, _options.Height)
        : TransparentPicture.OnWhite(Tensors.Row(found["picture"], row), Alpha(transparency, row), _options.Width, _options.Height);

    private float[] Alpha(Tensor transparency, int row) => TransparentPicture.Alpha(Tensors.Row(transparency, row), _options.Height * _options.Width);

    private Value EmitPicture(GraphBuilder b)
    {
        var picture = Parameterization.Picture(b, b.Input("parameter", ElementType.Float, [Count, .. Parameterization.Dims]));
        var input = Parameterization.ModelInput(b, picture, _model.Conventions);
        b.Output("picture", picture);
        b.Output("input", input);
        return input;
    }

    private StepLoop Start(StepSession session, StepGraph graph, IReadOnlyList<MaximizationGoal> rows, IReadOnlyList<StepState> states)
    {
        var reported = new Dictionary<string, long[]> { ["objective"] = [Count] };
        if (_options.RevivesDeadUnits) reported["response"] = [Count];
        var loop = new StepLoop(session, states, reported);
        foreach (var (name, value) in graph.Inputs(rows)) loop.Set(name, value);
        return loop;
    }

    private static float FiniteMean(float[] objectives, int step) => objectives.Average() is var objective && float.IsFinite(objective)
        ? objective
        : throw OnnxVizException.Input(
            $"The objective became {objective} at step {step}: the model's weights hold NaN, or the steps are too large (try a smaller learning rate).");

    private Graph LookGraph()
    {
        var b = ShapedModel.NewBuilder(_model);
        var input = EmitPicture(b);
        var forward = ShapedModel.Into(b, _model, input, [.. _slots.Layers]);
        var score = _slots.Emit(b, _slots.Layers.ToDictionary(l => l, forward.Units), (_options.Height, _options.Width));
        b.Output("objective", score.Value);
        return b.Build();
    }
}

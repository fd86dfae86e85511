using System.Diagnostics;
using OnnxViz.Onnx;

namespace OnnxViz.Training;

/// <param name="Loss">Mean over the batch, before the step.</param>
/// <param name="Correct">How many pictures of the batch had their class's score largest, before the step.</param>
internal readonly record struct StepResult(float Loss, int Correct);

/// <summary>A network in training: its weights and the optimiser's memory, where the graph runs. One thread uses it at a time.</summary>
internal sealed class TrainingSession : IDisposable
{
    /// <summary>A step that takes no longer is not ended within but waited for.</summary>
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromSeconds(0.4);

    /// <summary>No norm is negative.</summary>
    private const float Unwritten = -1;

    private readonly TrainableNetwork _network;
    private readonly TrainingRecipe _recipe;
    private readonly ulong _seed;
    private readonly TrainingGraph _graph;
    private readonly Session _session;
    private readonly StepLoop _loop;
    private TimeSpan _longest;

    /// <param name="network">What is trained; its initial weights are where it begins.</param>
    /// <param name="recipe">What a step does.</param>
    /// <param name="batch">Pictures in a step.</param>
    /// <param name="seed">Of what dropout leaves out.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <exception cref="OnnxVizException">The network cannot be trained so, or ONNX Runtime refuses the graph.</exception>
    public TrainingSession(TrainableNetwork network, TrainingRecipe recipe, int batch, ulong seed, RuntimeOptions runtime)
    {
        (_network, _recipe, _seed, Batch) = (network, recipe, seed, batch);
        _graph = new TrainingGraph(network, recipe, batch);
        var graph = _graph.Build();
        _session = new Session(graph, runtime with { PlansMemory = false });
        try
        {
            _loop = new StepLoop(
                _session, _graph.States,
                new Dictionary<string, long[]> { [TrainingGraph.Loss] = [], [TrainingGraph.Correct] = [], [TrainingGraph.GradientNorm] = [] },
                inPlace: true);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Pictures in a step.</summary>
    public int Batch { get; }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether a step was ended while it wrote: what the session holds is of no use any more.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Takes a step.</summary>
    /// <param name="pictures">[batch, C, H, W] or [batch, H, W, C], as the network's conventions make them.</param>
    /// <param name="labels">The class of each picture.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="token">Ends a long step; the state stays what it was before, but where <see cref="IsTorn"/> says so.</param>
    /// <exception cref="OperationCanceledException">The token ended the step.</exception>
    /// <exception cref="OnnxVizException">Loss or gradient are no numbers any more; or ONNX Runtime fails.</exception>
    public StepResult Step(Tensor pictures, ReadOnlySpan<int> labels, double learningRate, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        var step = Steps + 1;
        _loop.Set(TrainingGraph.Image, pictures);
        _loop.Set(TrainingGraph.Targets, CrossEntropy.Targets(labels, _network.Classes, _recipe.LabelSmoothing));
        for (var i = 0; i < _graph.Masks.Count; i++)
            _loop.Set(_graph.Masks[i].Input, _graph.Masks[i].Draw(new CounterRandom(_seed, ((ulong)step << 16) + (ulong)i)));
        _graph.Schedule(_loop, learningRate, step);
        Run(token);
        Steps = step;
        var (loss, norm) = (_loop.Reported(TrainingGraph.Loss)[0], _loop.Reported(TrainingGraph.GradientNorm)[0]);
        if (!float.IsFinite(loss) || !float.IsFinite(norm))
        {
            IsTorn = true;
            throw OnnxVizException.Input(
                $"Step {step}: the loss is {Number(loss)} and its gradient {Number(norm)}. The weights have run away; take a smaller learning rate than {learningRate:g3}.", argument: "LearningRate");
        }

        return new StepResult(loss, (int)_loop.Reported(TrainingGraph.Correct)[0]);
    }

    /// <summary>Weights and running statistics, by the parameter's name. They are read when asked for, so only until the next step.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights() => _network.Parameters.ToDictionary(
        p => p.Name, p => _graph.States.Any(s => s.Input == p.Name) ? Lazily(p.Name, p.Dims) : _network.Initial[p.Name]);

    /// <summary>All that a later step depends on: weights, running statistics, and what the optimiser keeps. Read when asked for.</summary>
    public IReadOnlyDictionary<string, Tensor> State() => _graph.States.ToDictionary(s => s.Input, s => Lazily(s.Input, s.Initial.Dims));

    /// <summary>Goes on from a state that was kept.</summary>
    /// <param name="state">As <see cref="State"/> gave it.</param>
    /// <param name="steps">How many steps had been taken.</param>
    /// <exception cref="OnnxVizException">Something is missing, or of another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, long steps)
    {
        foreach (var own in _graph.States)
        {
            if (state.GetValueOrDefault(own.Input) is not { Type: ElementType.Float } tensor)
                throw OnnxVizException.Input($"The checkpoint has no '{own.Input}': it is of another network or another optimiser.");
            if (!tensor.Dims.AsSpan().SequenceEqual(own.Initial.Dims))
                throw OnnxVizException.Input($"The checkpoint's '{own.Input}' is [{Shapes.Text(tensor.Dims)}] and should be [{Shapes.Text(own.Initial.Dims)}]: it is of another network.");
        }

        foreach (var own in _graph.States) _loop.SetState(own.Input, state[own.Input]);
        (Steps, IsTorn) = (steps, false);
    }

    /// <summary>Writes the step as an ONNX file: the graph that this session runs.</summary>
    /// <exception cref="OnnxVizException">The file cannot be written.</exception>
    public void SaveGraph(string path) => OnnxFile.Save(_graph.Build(), path);

    public void Dispose()
    {
        _loop.Dispose();
        _session.Dispose();
    }

    private Tensor Lazily(string state, long[] dims) => new(ElementType.Float, dims, () => _loop.State(state).Bytes);

    /// <summary>
    /// A step that is ended leaves the state whole as long as the gradients' norm was not there. A GPU's step is short, and
    /// what it has reached is not seen from here.
    /// </summary>
    private void Run(CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        _loop.Mark(TrainingGraph.GradientNorm, Unwritten);
        using var ended = new CancellationTokenSource();
        using var asked = token.Register(() =>
        {
            if (_longest > WorthWaiting && !HasBegunToWrite()) ended.Cancel();
        });
        try
        {
            _loop.Step(ended.Token);
        }
        catch (OperationCanceledException)
        {
            IsTorn = HasBegunToWrite();
            throw new OperationCanceledException(token);
        }

        if (clock.Elapsed > _longest) _longest = clock.Elapsed;

        bool HasBegunToWrite() => _loop.Reported(TrainingGraph.GradientNorm)[0] != Unwritten;
    }

    private static string Number(float value) => float.IsNaN(value) ? "NaN" : float.IsInfinity(value) ? "infinite" : $"{value:g3}";
}

using System.Diagnostics;
using System.Security.Cryptography;
using OnnxViz.Graphs.Cuda;
using OnnxViz.Onnx;
using OnnxViz.Rewriting;

namespace OnnxViz.Runtime;

/// <summary>
/// A graph that is going to be run again and again. On a GPU the quickest of some ways to run it is found on its first steps, whose
/// states are thrown away, and what can be recorded is (<see cref="CapturedSteps"/>). On the CPU there is one way.
/// </summary>
internal sealed class StepSession : IDisposable
{
    /// <summary>Steps before those that are timed: the first runs choose kernels, allocate and record.</summary>
    private const int Untimed = 2;

    private const int Timed = 5;

    private readonly Graph _graph;
    private readonly RuntimeOptions _options;
    private readonly int _steps;
    private Session? _session;
    private ICopyQueue? _queue;
    private int _started;

    /// <param name="graph">Its inputs are the states and what each step is given; its outputs states and reports.</param>
    /// <param name="options">Where it runs.</param>
    /// <param name="steps">How often, about, for each of the runs that the options tell of.</param>
    public StepSession(Graph graph, RuntimeOptions options, int steps)
    {
        (_graph, _options, _steps) = (graph, options, steps);
        if (options.Device.Kind == DeviceKind.Cpu && options.Queue is null) _session = new Session(graph, options with { Runs = (int)Math.Min((long)options.Runs * steps, int.MaxValue) });
        else if (options.TakesCudaForms) _graph = CudaForms.Apply(graph);
    }

    /// <summary>Whether it is known how it is run.</summary>
    public bool IsChosen => _session is not null && _queue is null;

    /// <param name="states">What is fed back.</param>
    /// <param name="reported">Outputs to read after a step, with their shapes; float32.</param>
    /// <param name="inputs">All other inputs; those that are not given yet where <see cref="IsChosen"/>.</param>
    public ISteps Start(IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, IReadOnlyDictionary<string, Tensor> inputs)
    {
        if (_session is null) Choose(states, reported, inputs);
        return Start(_session!, _queue, states, reported, inputs);
    }

    public void Dispose()
    {
        _session?.Dispose();
        _queue?.Dispose();
    }

    private ISteps Start(
        Session session, ICopyQueue? queue, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, IReadOnlyDictionary<string, Tensor> inputs)
    {
        if (queue is not null) return new CapturedSteps(session, queue, ++_started, states, reported, inputs);
        var steps = new BoundSteps(session, states, reported, inPlace: false);
        foreach (var (name, tensor) in inputs) steps.Set(name, tensor);
        return steps;
    }

    private void Choose(IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var plans = _options.TriesPlans && !_options.Exact ? StepPlan.For(_graph) : [StepPlan.First];
        // One at a time: there may be no room for two.
        (StepPlan Plan, Session Session, ICopyQueue? Queue)? alive = null;
        var best = _options.Plans.Of(Key(), plans, _steps, Time);
        if (alive?.Plan != best) Make(best);
        (_, _session, _queue) = alive!.Value;
        _options.Notes.Say(best, _queue is not null);

        void Make(StepPlan plan)
        {
            alive?.Session.Dispose();
            alive?.Queue?.Dispose();
            alive = null;
            var (session, queue) = New(plan, states, reported, inputs);
            alive = (plan, session, queue);
        }

        QuickestChoice.Time? Time(StepPlan plan)
        {
            try
            {
                var watch = Stopwatch.StartNew();
                Make(plan);
                using var steps = Start(alive!.Value.Session, alive.Value.Queue, states, reported, inputs);
                for (var i = 0; i < Untimed; i++) steps.Step(default);
                // Reading waits for what is under way.
                _ = steps.Reported(reported.Keys.First());
                var preparing = watch.Elapsed.TotalSeconds;
                for (var i = 0; i < Timed; i++) steps.Step(default);
                _ = steps.Reported(reported.Keys.First());
                return new(preparing, (watch.Elapsed.TotalSeconds - preparing) / Timed);
            }
            catch (OnnxVizException) when (plan != plans[0])
            {
                return null;
            }
        }
    }

    /// <summary>A session that records where that works, which only its first step shows.</summary>
    private (Session Session, ICopyQueue? Queue) New(
        StepPlan plan, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var options = _options with { Plan = plan };
        var fault = CudaKernels.CaptureFaults(_graph).FirstOrDefault();
        if (fault is not null) _options.Notes.CaptureFailed(fault);
        if (!_options.Captures || _options.Exact || fault is not null) return (new Session(_graph, options), null);
        ICopyQueue? queue = null;
        Session? session = null;
        try
        {
            queue = _options.Queue?.Invoke() ?? new CudaStream(_options.Device.Index);
            session = new Session(_graph, options with { CudaOptions = queue.SessionOptions });
            using var steps = Start(session, queue, states, reported, inputs);
            steps.Step(default);
            _ = steps.Reported(reported.Keys.First());
            return (session, queue);
        }
        catch (OnnxVizException e)
        {
            session?.Dispose();
            queue?.Dispose();
            _options.Notes.CaptureFailed(e.Message);
            return (new Session(_graph, options), null);
        }
    }

    /// <summary>All that the times depend on.</summary>
    private string Key()
    {
        var graph = Convert.ToHexStringLower(SHA256.HashData(OnnxFile.Serialize(_graph, new StoredWeights())));
        return $"{graph} {_options.DeviceName} {OrtLibrary.Version} {_options.Precision} {_options.Captures}";
    }
}

namespace OnnxViz.Runtime;

/// <summary>A value that the step graph reads as one of its inputs and writes anew as one of its outputs.</summary>
/// <param name="Input">The graph input.</param>
/// <param name="Output">The graph output of the same shape and type.</param>
/// <param name="Initial">Its value before the first step.</param>
internal sealed record StepState(string Input, string Output, Tensor Initial);

/// <summary>How steps are run.</summary>
internal interface ISteps : IDisposable
{
    /// <inheritdoc cref="StepLoop.Set"/>
    void Set(string input, Tensor tensor);

    /// <inheritdoc cref="StepLoop.Step"/>
    void Step(CancellationToken token);

    /// <inheritdoc cref="StepLoop.Reported"/>
    float[] Reported(string output);

    /// <inheritdoc cref="StepLoop.State"/>
    Tensor State(string input);

    /// <inheritdoc cref="StepLoop.SetState"/>
    void SetState(string input, Tensor value);

    /// <inheritdoc cref="StepLoop.Mark"/>
    void Mark(string output, float number);
}

/// <summary>
/// Runs one graph again and again. Its state stays where the graph runs, so that on a GPU only the small reported values
/// come back to the host, when they are asked for.
/// </summary>
internal sealed class StepLoop : IDisposable
{
    private readonly StepSession? _waiting;
    private readonly Dictionary<string, Tensor> _inputs = [];
    private readonly Dictionary<string, StepState> _states;
    private readonly IReadOnlyDictionary<string, long[]> _reported;
    private ISteps? _steps;

    /// <param name="session">Its inputs are the states and what each step is given; its outputs states and reports.</param>
    /// <param name="states">What is fed back.</param>
    /// <param name="reported">Outputs to read after a step, with their shapes; float32.</param>
    /// <param name="inPlace">
    /// Whether a step writes its states over those that it reads, which halves their memory. The graph has to read every
    /// state before it writes that state, and a step that is ended within leaves some of them written.
    /// </param>
    public StepLoop(Session session, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, bool inPlace = false)
        : this(states, reported) => _steps = new BoundSteps(session, states, reported, inPlace);

    /// <summary>The same where how it is run is chosen when the first step is, with all of its inputs at hand.</summary>
    public StepLoop(StepSession session, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported)
        : this(states, reported)
    {
        if (session.IsChosen) _steps = session.Start(states, reported, _inputs);
        else _waiting = session;
    }

    private StepLoop(IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported) =>
        (_states, _reported) = (states.ToDictionary(s => s.Input), reported);

    /// <summary>Sets an input for this and the following steps.</summary>
    public void Set(string input, Tensor tensor)
    {
        if (_steps is null) _inputs[input] = tensor;
        else _steps.Set(input, tensor);
    }

    /// <param name="token">Ends the step between two of its nodes; the state stays what it was before.</param>
    /// <exception cref="OnnxVizException">ONNX Runtime fails.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public void Step(CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        (_steps ??= _waiting!.Start([.. _states.Values], _reported, _inputs)).Step(token);
    }

    /// <summary>Runs a step; false where the token ended it.</summary>
    public bool TryStep(CancellationToken token)
    {
        try
        {
            Step(token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What the last step reported.</summary>
    public float[] Reported(string output) => _steps!.Reported(output);

    /// <summary>The state as it is after the last step, brought to the host.</summary>
    public Tensor State(string input) => _steps?.State(input) ?? _states[input].Initial;

    /// <summary>Gives a state another value, for the next step.</summary>
    /// <param name="input">The graph input.</param>
    /// <param name="value">Of the state's shape and type.</param>
    public void SetState(string input, Tensor value)
    {
        if (_steps is null) _states[input] = _states[input] with { Initial = value };
        else _steps.SetState(input, value);
    }

    /// <summary>Writes a number into a reported scalar, so that it is seen whether a step came to write its own.</summary>
    public void Mark(string output, float number) => _steps?.Mark(output, number);

    public void Dispose() => _steps?.Dispose();
}

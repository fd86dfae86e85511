using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace OnnxViz.Runtime;

/// <summary>A value that the step graph reads as one of its inputs and writes anew as one of its outputs.</summary>
/// <param name="Input">The graph input.</param>
/// <param name="Output">The graph output of the same shape and type.</param>
/// <param name="Initial">Its value before the first step.</param>
internal sealed record StepState(string Input, string Output, Tensor Initial);

/// <summary>
/// Runs one graph again and again. Its state stays where the graph runs, so that on a GPU only the small reported values
/// come back to the host: two buffers for each state value change places from step to step, or one is written over.
/// </summary>
internal sealed class StepLoop : IDisposable
{
    private readonly Session _session;
    private readonly OrtIoBinding _binding;
    private readonly OrtMemoryInfo? _deviceMemory;
    private readonly OrtAllocator? _deviceAllocator;
    private readonly Dictionary<string, (OrtValue Current, OrtValue Next, StepState State)> _states = [];
    private readonly Dictionary<int, Session> _copies = [];
    private readonly bool _inPlace;
    private readonly Dictionary<string, OrtValue> _inputs = [];
    private readonly Dictionary<string, OrtValue> _reported = [];

    /// <param name="session">Its inputs are the states and what each step is given; its outputs states and reports.</param>
    /// <param name="states">What is fed back.</param>
    /// <param name="reported">Outputs to read after a step, with their shapes; float32.</param>
    /// <param name="inPlace">
    /// Whether a step writes its states over those that it reads, which halves their memory. The graph has to read every
    /// state before it writes that state, and a step that is ended within leaves some of them written.
    /// </param>
    public StepLoop(Session session, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, bool inPlace = false)
    {
        (_session, _inPlace) = (session, inPlace);
        _binding = session.Inference.CreateIoBinding();
        if (session.Options.Device is { Kind: DeviceKind.Cuda } device)
        {
            _deviceMemory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, device.Index, OrtMemType.Default);
            _deviceAllocator = new OrtAllocator(session.Inference, _deviceMemory);
        }

        foreach (var state in states)
        {
            // The first step reads from host memory, which the binding copies to the device by itself.
            var first = OrtTensors.ToOrtValue(state.Initial);
            if (inPlace) first = Moved(first, state.Initial);
            _states[state.Input] = (first, inPlace ? first : OnDevice(state.Initial), state);
        }

        foreach (var (name, dims) in reported)
        {
            _reported[name] = OrtTensors.Empty(ElementType.Float, dims);
            _binding.BindOutput(name, _reported[name]);
        }
    }

    /// <summary>Sets an input for this and the following steps.</summary>
    public void Set(string input, Tensor tensor)
    {
        if (_inputs.TryGetValue(input, out var value) && _session.Options.Device.Kind == DeviceKind.Cpu)
        {
            tensor.Bytes.CopyTo(value.GetTensorMutableRawData());
            return;
        }

        // On a GPU binding is what copies, so a value is bound anew whenever it changes.
        value?.Dispose();
        _inputs[input] = value = OrtTensors.ToOrtValue(tensor);
        _binding.BindInput(input, value);
    }

    /// <param name="token">Ends the step between two of its nodes; the state stays what it was before.</param>
    /// <exception cref="OnnxVizException">ONNX Runtime fails.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public void Step(CancellationToken token = default)
    {
        using var profiled = _session.Profiled?.Run("step") ?? default;
        Session.Guard("run an optimisation step", Step, token);
    }

    private void Step(RunOptions run)
    {
        foreach (var (input, (current, next, state)) in _states)
        {
            _binding.BindInput(input, current);
            _binding.BindOutput(state.Output, next);
        }

        _session.Inference.RunWithBinding(run, _binding);
        _binding.SynchronizeBoundOutputs();
        if (_inPlace) return;
        foreach (var (input, (current, next, state)) in _states)
        {
            var free = current;
            if (_deviceAllocator is not null && IsInitial(current))
            {
                current.Dispose();
                free = OnDevice(state.Initial);
            }

            _states[input] = (next, free, state);
        }
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
    public float[] Reported(string output) => OrtTensors.ToTensor(_reported[output]).ToFloats();

    /// <summary>The state as it is after the last step, brought to the host.</summary>
    public Tensor State(string input)
    {
        var current = _states[input].Current;
        if (_deviceAllocator is null || IsInitial(current)) return OrtTensors.ToTensor(current);

        using var host = OrtTensors.Empty(_states[input].State.Initial.Type, _states[input].State.Initial.Dims);
        Copy(current, host, _states[input].State.Initial);
        return OrtTensors.ToTensor(host);
    }

    /// <summary>Gives a state another value, for the next step.</summary>
    /// <param name="input">The graph input.</param>
    /// <param name="value">Of the state's shape and type.</param>
    public void SetState(string input, Tensor value)
    {
        var (current, next, state) = _states[input];
        var given = OrtTensors.ToOrtValue(value);
        if (_inPlace) given = Moved(given, state.Initial);
        current.Dispose();
        _states[input] = (given, _inPlace ? given : next, state);
    }

    /// <summary>Writes a number into a reported scalar, so that it is seen whether a step came to write its own.</summary>
    public void Mark(string output, float number) => _reported[output].GetTensorMutableDataAsSpan<float>()[0] = number;

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var (current, next, _) in _states.Values)
        {
            current.Dispose();
            if (!_inPlace) next.Dispose();
        }

        foreach (var value in _inputs.Values.Concat(_reported.Values)) value.Dispose();
        foreach (var copy in _copies.Values) copy.Dispose();
        _deviceAllocator?.Dispose();
        _deviceMemory?.Dispose();
    }

    /// <summary>The value where the graph runs; the one in host memory is gone.</summary>
    private OrtValue Moved(OrtValue host, Tensor like)
    {
        if (_deviceAllocator is null) return host;
        var moved = OnDevice(like);
        Copy(host, moved, like);
        host.Dispose();
        return moved;
    }

    /// <summary>A run with the output bound to other memory is the way to copy to and from a device that the C# API offers.</summary>
    private void Copy(OrtValue from, OrtValue to, Tensor like)
    {
        var rank = like.Dims.Length;
        if (!_copies.TryGetValue(rank, out var copy))
        {
            var b = new GraphBuilder("copy");
            var open = new long[rank];
            Array.Fill(open, Shapes.Unknown);
            b.Output("copy", b.Input("value", like.Type, open));
            _copies[rank] = copy = new Session(b.Graph, _session.Options);
        }

        using var binding = copy.Inference.CreateIoBinding();
        binding.BindInput("value", from);
        binding.BindOutput("copy", to);
        Session.Guard("copy a state", run => copy.Inference.RunWithBinding(run, binding));
        binding.SynchronizeBoundOutputs();
    }

    private OrtValue OnDevice(Tensor like) => _deviceAllocator is null
        ? OrtTensors.Empty(like.Type, like.Dims)
        : OrtValue.CreateAllocatedTensorValue(_deviceAllocator, (TensorElementType)(int)like.Type, like.Dims);

    private static bool IsInitial(OrtValue value)
    {
        using var info = value.GetTensorMemoryInfo();
        return info.Name == "Cpu";
    }
}

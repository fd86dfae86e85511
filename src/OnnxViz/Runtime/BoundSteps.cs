using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace OnnxViz.Runtime;

/// <summary>
/// Steps whose inputs and outputs are bound anew each time: two buffers for each state value change places from step to step,
/// or one is written over.
/// </summary>
internal sealed class BoundSteps : ISteps
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

    /// <inheritdoc cref="StepLoop(Session, IReadOnlyList{StepState}, IReadOnlyDictionary{string, long[]}, bool)"/>
    public BoundSteps(Session session, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported, bool inPlace)
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

    public void Step(CancellationToken token)
    {
        using var profiled = _session.Profiled?.Run("step") ?? default;
        Session.Guard("run an optimisation step", Step, token);
    }

    private void Step(RunOptions run)
    {
        using var gate = CudaGate.WithOthers(_session.Options);
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

    public float[] Reported(string output) => OrtTensors.ToTensor(_reported[output]).ToFloats();

    public Tensor State(string input)
    {
        var current = _states[input].Current;
        if (_deviceAllocator is null || IsInitial(current)) return OrtTensors.ToTensor(current);

        using var host = OrtTensors.Empty(_states[input].State.Initial.Type, _states[input].State.Initial.Dims);
        Copy(current, host, _states[input].State.Initial);
        return OrtTensors.ToTensor(host);
    }

    public void SetState(string input, Tensor value)
    {
        var (current, next, state) = _states[input];
        var given = OrtTensors.ToOrtValue(value);
        if (_inPlace) given = Moved(given, state.Initial);
        current.Dispose();
        _states[input] = (given, _inPlace ? given : next, state);
    }

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

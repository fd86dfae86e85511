using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace OnnxViz.Runtime;

/// <summary>
/// Steps that ONNX Runtime records once as a CUDA graph and launches as a whole ever after, which needs all inputs and outputs at
/// fixed places. Everything is in one queue: what has changed of the inputs is copied to its place, the graph runs, and the states
/// that it wrote are copied to where it reads them; nothing waits but the next step's inputs, and whoever reads a result.
/// </summary>
/// <remarks>
/// The first run executes the graph three times. As it never writes what it reads, that is as good as once, and one recorded graph is
/// enough, of which nothing else runs in between: some nodes read pinned memory again that is free after their run (onnxruntime 32121).
/// </remarks>
internal sealed unsafe class CapturedSteps : ISteps
{
    private const int Alignment = 256;

    private readonly Session _session;
    private readonly ICopyQueue _queue;
    private readonly OrtIoBinding _binding;
    private readonly string _number;
    private readonly Dictionary<string, Place> _inputs = [];
    private readonly Dictionary<string, Place> _reported = [];
    private readonly Dictionary<string, (Place Current, Place Next)> _states = [];
    private readonly List<OrtValue> _values = [];
    private readonly nint _device;
    private readonly nint _host;
    private readonly byte[] _given;
    private (long From, long To) _changed;
    private bool _isRecorded;

    /// <param name="session">With the options of the queue.</param>
    /// <param name="queue">Where it runs.</param>
    /// <param name="number">Of the recorded graph: no other of the session has it, or had it.</param>
    /// <param name="states">What is fed back.</param>
    /// <param name="reported">Outputs to read, with their shapes; float32.</param>
    /// <param name="inputs">All other inputs.</param>
    public CapturedSteps(
        Session session, ICopyQueue queue, int number, IReadOnlyList<StepState> states, IReadOnlyDictionary<string, long[]> reported,
        IReadOnlyDictionary<string, Tensor> inputs)
    {
        (_session, _queue, _number) = (session, queue, number.ToString(CultureInfo.InvariantCulture));
        var size = 0L;
        foreach (var (name, tensor) in inputs) _inputs[name] = Next(tensor.Type, tensor.Dims);
        _given = new byte[size];
        foreach (var (name, dims) in reported) _reported[name] = Next(ElementType.Float, dims);
        foreach (var state in states) _states[state.Input] = (Next(state.Initial.Type, state.Initial.Dims), Next(state.Initial.Type, state.Initial.Dims));
        _host = queue.AllocateOnHost(_given.Length);
        try
        {
            _device = queue.Allocate(size);
        }
        catch
        {
            queue.FreeOnHost(_host);
            throw;
        }

        _binding = session.Inference.CreateIoBinding();
        foreach (var (name, place) in _inputs) _binding.BindInput(name, ValueAt(place));
        foreach (var (name, place) in _reported) _binding.BindOutput(name, ValueAt(place));
        foreach (var state in states)
        {
            _binding.BindInput(state.Input, ValueAt(_states[state.Input].Current));
            _binding.BindOutput(state.Output, ValueAt(_states[state.Input].Next));
            SetState(state.Input, state.Initial);
        }

        foreach (var (name, tensor) in inputs) tensor.ReadOnce().CopyTo(_given.AsSpan((int)_inputs[name].Offset));
        _changed = (0, _given.Length);

        Place Next(ElementType type, long[] dims)
        {
            var place = new Place(size, type, dims);
            size = (size + place.Bytes + Alignment - 1) / Alignment * Alignment;
            return place;
        }
    }

    public void Set(string input, Tensor tensor)
    {
        var place = _inputs[input];
        if (tensor.Type != place.Type || !tensor.Dims.SequenceEqual(place.Dims))
            throw new InvalidOperationException($"'{input}' is {place.Type} [{Shapes.Text(place.Dims)}] from the first step on.");
        var bytes = tensor.Bytes;
        var given = _given.AsSpan((int)place.Offset, (int)place.Bytes);
        if (bytes.SequenceEqual(given)) return;
        bytes.CopyTo(given);
        var isFirst = _changed.From == _changed.To;
        _changed = isFirst
            ? (place.Offset, place.Offset + place.Bytes)
            : (Math.Min(_changed.From, place.Offset), Math.Max(_changed.To, place.Offset + place.Bytes));
    }

    public void Step(CancellationToken token)
    {
        using var profiled = _session.Profiled?.Run("step") ?? default;
        Session.Guard("run an optimisation step", Step, token);
    }

    private void Step(RunOptions run)
    {
        Bring();
        run.AddRunConfigEntry("gpu_graph_id", _number);
        run.AddRunConfigEntry("disable_synchronize_execution_providers", "1");
        using (_isRecorded ? CudaGate.WithOthers() : CudaGate.Alone()) _session.Inference.RunWithBinding(run, _binding);
        _isRecorded = true;
        foreach (var (current, next) in _states.Values) _queue.Copy(_device + (nint)next.Offset, _device + (nint)current.Offset, next.Bytes);
    }

    public float[] Reported(string output) => Read(_reported[output]).ToFloats();

    public Tensor State(string input) => Read(_states[input].Current);

    public void SetState(string input, Tensor value) => Write(_states[input].Current, value.ReadOnce());

    public void Mark(string output, float number) => Write(_reported[output], BitConverter.GetBytes(number));

    /// <summary>Until nothing of it is under way.</summary>
    public void Wait() => _queue.Wait();

    public void Dispose()
    {
        _queue.Wait();
        _binding.Dispose();
        foreach (var value in _values) value.Dispose();
        _queue.Free(_device);
        _queue.FreeOnHost(_host);
    }

    /// <summary>The inputs that have changed, in one copy. The memory that it starts from is free when the step before is done.</summary>
    private void Bring()
    {
        var (from, to) = _changed;
        if (from == to) return;
        _queue.Wait();
        _given.AsSpan((int)from, (int)(to - from)).CopyTo(new Span<byte>((void*)(_host + (nint)from), (int)(to - from)));
        _queue.Copy(_host + (nint)from, _device + (nint)from, to - from);
        _changed = (0, 0);
    }

    private Tensor Read(Place place)
    {
        var bytes = new byte[place.Bytes];
        fixed (byte* to = bytes)
        {
            _queue.Copy(_device + (nint)place.Offset, (nint)to, place.Bytes);
            _queue.Wait();
        }

        return new Tensor(place.Type, place.Dims, () => bytes);
    }

    private void Write(Place place, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            _queue.Copy((nint)from, _device + (nint)place.Offset, bytes.Length);
            _queue.Wait();
        }
    }

    private OrtValue ValueAt(Place place)
    {
        var value = OrtValue.CreateTensorValueWithData(
            _queue.Memory, (TensorElementType)(int)place.Type, place.Dims, _device + (nint)place.Offset, place.Bytes);
        _values.Add(value);
        return value;
    }

    /// <summary>Where a value lies.</summary>
    private sealed record Place(long Offset, ElementType Type, long[] Dims)
    {
        public long Bytes { get; } = Shapes.Count(Dims) * Type.Size();
    }
}

namespace OnnxViz.Training;

/// <summary>Grows a network layer by layer, with random weights. A layer, its node and its tensor have one name.</summary>
internal sealed class NetworkDraft
{
    private readonly GraphBuilder _builder;
    private readonly PictureConventions _conventions;
    private readonly List<Parameter> _parameters = [];
    private readonly ulong _seed;
    private readonly int _classes;
    private readonly Value _input;
    private Value _last;
    private bool _isHe;

    /// <param name="name">What the network is called.</param>
    /// <param name="conventions">Size and channels of its pictures; channels first.</param>
    /// <param name="classes">How many scores it gives.</param>
    /// <param name="seed">Of the weights.</param>
    public NetworkDraft(string name, PictureConventions conventions, int classes, ulong seed)
    {
        (_conventions, _seed, _classes) = (conventions, seed, classes);
        _builder = new GraphBuilder(name);
        _last = _input = _builder.Input("image", ElementType.Float, -1, conventions.Channels, conventions.Height, conventions.Width);
    }

    /// <summary>
    /// From here on weights are normal with variance 2 / fan-in and biases 0 (He et al. 2015), for deep networks; without it they
    /// are PyTorch's, uniform within 1 / sqrt(fan-in).
    /// </summary>
    public void UseHeInitialization() => _isHe = true;

    public NetworkDraft Conv(string name, int channels, int kernel, int stride = 1, int pad = 0, bool bias = true)
    {
        long[] dims = [channels, _last.Dims![1], kernel, kernel];
        Value?[] inputs = [_last, Weight(name, dims), bias ? Bias(name, channels, Shapes.Count(dims) / channels) : null];
        return Layer(name, "Conv", inputs, ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
    }

    public NetworkDraft Linear(string name, int features)
    {
        var from = _last.Dims![1];
        return Layer(name, "Gemm", [_last, Weight(name, [features, from]), Bias(name, features, from)], ("transB", 1L));
    }

    /// <summary>The last layer, whose scores start out nearly equal: its weights are PyTorch's in any case.</summary>
    public TrainableNetwork Scores(string name)
    {
        _isHe = false;
        Linear(name, _classes);
        var scores = _builder.Expose(_last.Name, _last);
        return new TrainableNetwork(_builder.Graph.Name, _builder.Build(), _input, scores, _conventions, _parameters);
    }

    public NetworkDraft BatchNorm(string name)
    {
        var channels = _last.Dims![1];
        var inputs = new[] { ("weight", 1f, false), ("bias", 0f, false), ("running_mean", 0f, true), ("running_var", 1f, true) }
            .Select(i => Constant($"{name}.{i.Item1}", Filled(channels, i.Item2), i.Item3));
        return Layer(name, "BatchNormalization", [_last, .. inputs]);
    }

    /// <summary>Named after the layer before it: relu1_1 behind conv1_1 or bn1_1.</summary>
    public NetworkDraft Relu() => Layer($"relu{new string([.. _last.Name.SkipWhile(char.IsLetter)])}", "Relu", [_last]);

    public NetworkDraft MaxPool(string name, int size)
    {
        if (_last.Dims![2] < size || _last.Dims[3] < size)
            throw OnnxVizException.Usage($"Pictures of {_conventions.Height}x{_conventions.Width} are too small for this network: nothing is left of them at '{name}'. Take a larger size.", argument: "Size");
        return Layer(name, "MaxPool", [_last], ("kernel_shape", new long[] { size, size }), ("strides", new long[] { size, size }));
    }

    /// <summary>Leaves out a share of the features while training; in the model it does nothing.</summary>
    public NetworkDraft Dropout(string name, float share) => Layer(name, "Dropout", [_last, _builder.Constant(share)]);

    public NetworkDraft Flatten() => Layer("flatten", "Flatten", [_last], ("axis", 1L));

    private NetworkDraft Layer(string name, string opType, Value?[] inputs, params (string Name, object Value)[] attributes)
    {
        var given = inputs[^1] is null ? inputs[..^1] : inputs;
        _last = _builder.Node(opType, given, attributes.ToDictionary(a => a.Name, a => a.Value), name: name)[0];
        _last.Name = _builder.Unique(name);
        return this;
    }

    private Value Weight(string layer, long[] dims)
    {
        var fanIn = Shapes.Count(dims) / dims[0];
        return Constant($"{layer}.weight", _isHe ? Random(dims, r => (float)(Math.Sqrt(2.0 / fanIn) * r.Normal())) : Uniform(dims, fanIn));
    }

    private Value Bias(string layer, long count, long fanIn) => Constant($"{layer}.bias", _isHe ? Filled(count, 0) : Uniform([count], fanIn));

    private Tensor Uniform(long[] dims, long fanIn) => Random(dims, r => (float)r.Uniform(-1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn)));

    private Value Constant(string name, Tensor tensor, bool isBuffer = false)
    {
        var value = _builder.Constant(tensor, name);
        _parameters.Add(new Parameter(name, value, isBuffer));
        return value;
    }

    /// <summary>Drawn whenever it is asked for, the same each time: large weights are not kept beside what they become.</summary>
    private Tensor Random(long[] dims, Func<CounterRandom, float> draw)
    {
        var stream = (ulong)_parameters.Count;
        return new Tensor(ElementType.Float, dims, () =>
        {
            var random = new CounterRandom(_seed, stream);
            var numbers = new float[Shapes.Count(dims)];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = draw(random);
            return System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
        });
    }

    private static Tensor Filled(long count, float number)
    {
        var numbers = new float[count];
        Array.Fill(numbers, number);
        return Tensor.Of(numbers, count);
    }
}

namespace OnnxViz.Check;

/// <summary>A network, and the same with its activation pattern held, both ready to run.</summary>
internal sealed class FrozenNetwork : IDisposable
{
    private readonly string _image;
    private readonly string[] _pattern;
    private readonly int _layers;
    private readonly Session _point;
    private readonly Session _frozen;
    private readonly CancellationToken _token;

    /// <param name="model">The network.</param>
    /// <param name="dims">Dimensions of one input, with a batch of 1.</param>
    /// <param name="layers">What is computed.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="token">Ends its runs.</param>
    public FrozenNetwork(VisionModel model, long[] dims, IReadOnlyList<Value> layers, RuntimeOptions runtime, CancellationToken token = default)
    {
        var forward = ShapedModel.Start(model, dims, [.. layers]);
        var copy = new FrozenCopy(forward.Builder, forward.Input, [.. layers.Select(l => forward[l])]);
        (_image, _layers, _token) = (forward.Input.Name, layers.Count, token);
        _pattern = [.. Enumerable.Range(0, copy.Parts).Select(FrozenCopy.PatternName)];
        _point = new Session(forward.Builder.Build(), runtime);
        _frozen = new Session(copy.Frozen.Build(), runtime);
    }

    /// <summary>The network as it is.</summary>
    public ActivationPattern At(Tensor image)
    {
        var results = _point.Run(new Dictionary<string, Tensor> { [_image] = image }, _token);
        return new ActivationPattern(_pattern.ToDictionary(name => name, name => results[name]), Layers(results));
    }

    /// <summary>The layers of an image under the pattern of another one.</summary>
    public Tensor[] Under(ActivationPattern pattern, Tensor image) =>
        Layers(_frozen.Run(new Dictionary<string, Tensor>(pattern.Parts) { [_image] = image }, _token));

    public void Dispose()
    {
        _point.Dispose();
        _frozen.Dispose();
    }

    private Tensor[] Layers(IReadOnlyDictionary<string, Tensor> results) =>
        [.. Enumerable.Range(0, _layers).Select(i => results[FrozenCopy.OutputName(i)])];
}

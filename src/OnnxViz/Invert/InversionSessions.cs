namespace OnnxViz.Invert;

/// <summary>What inverts the codes of some layers, for any pictures of one size. The sessions of one layer are held at a time.</summary>
internal sealed class InversionSessions : IDisposable
{
    private readonly long[] _inputDims;
    private readonly RuntimeOptions _runtime;
    private (int Layer, InversionRun Run)? _current;

    /// <param name="model">The network; only what lies before a layer is run.</param>
    /// <param name="inputDims">Of one picture as its input.</param>
    /// <param name="layers">Values of its graph, of any rank.</param>
    /// <param name="options">How, resolved.</param>
    /// <param name="runtime">Where.</param>
    public InversionSessions(VisionModel model, long[] inputDims, IReadOnlyList<Value> layers, InvertOptions options, RuntimeOptions runtime)
    {
        (Model, _inputDims, Layers, Options, _runtime) = (model, inputDims, layers, options, runtime);
        Codes = new FeatureMaps(model, inputDims, layers, runtime);
    }

    public VisionModel Model { get; }

    public IReadOnlyList<Value> Layers { get; }

    public InvertOptions Options { get; }

    /// <summary>What the layers make of a picture.</summary>
    public FeatureMaps Codes { get; }

    /// <summary>The sessions of a layer; null where the token asked for the end while they were made.</summary>
    public InversionRun? Start(int layer, CancellationToken token)
    {
        if (_current is var (held, run) && held == layer) return run;
        _current?.Run.Dispose();
        _current = null;
        try
        {
            run = new InversionRun(Model, Layers[layer], _inputDims, Options, _runtime with { Token = token });
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return null;
        }

        _current = (layer, run);
        return run;
    }

    public void Dispose()
    {
        _current?.Run.Dispose();
        Codes.Dispose();
    }
}

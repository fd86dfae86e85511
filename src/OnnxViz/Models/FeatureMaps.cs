namespace OnnxViz.Models;

/// <param name="Raw">The activation as the model has it.</param>
/// <param name="Maps">The activation with its units on axis 1: [N, C, H, W] or [N, C].</param>
internal sealed record LayerActivation(Tensor Raw, Tensor Maps);

/// <summary>What layers of a network make of pictures: one session, cut behind the last of them.</summary>
internal sealed class FeatureMaps : IDisposable
{
    private readonly Session _session;
    private readonly string _input;
    private readonly int _layers;

    /// <param name="model">The network.</param>
    /// <param name="inputDims">Dimensions of the model's input, [N, C, H, W] or [N, H, W, C].</param>
    /// <param name="layers">Values of the model's graph.</param>
    /// <param name="runtime">Where it runs.</param>
    public FeatureMaps(VisionModel model, long[] inputDims, IReadOnlyList<Value> layers, RuntimeOptions runtime)
    {
        var forward = ShapedModel.Start(model, inputDims, [.. layers]);
        for (var i = 0; i < layers.Count; i++)
        {
            var maps = forward.Units(layers[i]);
            forward.Builder.Output($"layer{i}", forward[layers[i]]);
            if (maps != forward[layers[i]]) forward.Builder.Output($"maps{i}", maps);
        }

        (_input, _layers) = (forward.Input.Name, layers.Count);
        _session = new Session(forward.Builder.Build(), runtime);
    }

    /// <summary>The activations for one input, in the order of the layers.</summary>
    public IReadOnlyList<LayerActivation> Of(Tensor input, CancellationToken token = default)
    {
        var results = _session.Run(new Dictionary<string, Tensor> { [_input] = input }, token);
        return [.. Enumerable.Range(0, _layers).Select(i => new LayerActivation(results[$"layer{i}"], results.GetValueOrDefault($"maps{i}", results[$"layer{i}"])))];
    }

    /// <summary>The same for one input only.</summary>
    public static IReadOnlyList<LayerActivation> Of(VisionModel model, Tensor input, IReadOnlyList<Value> layers, RuntimeOptions runtime, CancellationToken token = default)
    {
        using var maps = new FeatureMaps(model, input.Dims, layers, runtime);
        return maps.Of(input, token);
    }

    public void Dispose() => _session.Dispose();
}

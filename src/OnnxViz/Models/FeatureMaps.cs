namespace OnnxViz.Models;

/// <param name="Raw">The activation as the model has it.</param>
/// <param name="Maps">The activation with its units on axis 1: [N, C, H, W] or [N, C].</param>
internal sealed record LayerActivation(Tensor Raw, Tensor Maps);

/// <summary>What the layers of a network make of a picture.</summary>
internal static class FeatureMaps
{
    /// <summary>The activations of the given layers, in their order; the network is cut behind the last of them.</summary>
    public static IReadOnlyList<LayerActivation> Of(VisionModel model, Tensor input, IReadOnlyList<Value> layers, RuntimeOptions runtime, CancellationToken token = default)
    {
        var forward = ShapedModel.Start(model, input.Dims, [.. layers]);
        for (var i = 0; i < layers.Count; i++)
        {
            var maps = forward.Units(layers[i]);
            forward.Builder.Output($"layer{i}", forward[layers[i]]);
            if (maps != forward[layers[i]]) forward.Builder.Output($"maps{i}", maps);
        }

        using var session = new Session(forward.Builder.Build(), runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = input }, token);
        return [.. layers.Select((_, i) => new LayerActivation(results[$"layer{i}"], results.GetValueOrDefault($"maps{i}", results[$"layer{i}"])))];
    }
}

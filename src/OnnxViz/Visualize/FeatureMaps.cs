using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>What the layers of a network make of a picture.</summary>
public static class FeatureMaps
{
    /// <summary>The activations of the given layers, in their order; the network is cut behind the last of them.</summary>
    public static IReadOnlyList<Tensor> Of(VisionModel model, Tensor input, IReadOnlyList<Value> layers, RuntimeOptions runtime)
    {
        var forward = Specialization.Start(model, input.Dims, [.. layers]);
        for (var i = 0; i < layers.Count; i++) forward.Builder.Output($"layer{i}", forward[layers[i]]);
        using var session = new Session(forward.Builder.Build(), runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = input });
        return [.. layers.Select((_, i) => results[$"layer{i}"])];
    }
}

using OnnxViz.Autodiff;

namespace OnnxViz.Check;

/// <summary>A layer whose gradient is checked.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Value">The tensor in the model's graph.</param>
/// <param name="IsClass">Whether the score is that of the highest class, and not a random product.</param>
internal sealed record CheckedLayer(string Name, Value Value, bool IsClass)
{
    /// <summary>How many layers beside the output.</summary>
    private const int Spread = 4;

    /// <summary>The class output, or else all outputs, and a few layers over the depth of the network.</summary>
    /// <exception cref="OnnxVizException">No output depends on the picture in a differentiable way.</exception>
    public static IReadOnlyList<CheckedLayer> Default(VisionModel model, long[] dims)
    {
        var ends = Ends(model);
        var before = Differentiable(model, dims, ends.Select(e => e.Value));
        if (ends.Count > 0 && !ends.Exists(e => before(e.Value)))
            throw OnnxVizException.Input($"{Without(ends[0], model)} Name other layers to check.", argument: "Layers");
        var candidates = model.Layers.Layers.Where(l => before(l.Value) && ends.All(e => e.Value != l.Value)).ToArray();
        var spread = Enumerable.Range(1, Spread).Select(i => candidates.Length * i / (Spread + 1)).Distinct().Where(i => i < candidates.Length)
            .Select(i => new CheckedLayer(candidates[i].Name, candidates[i].Value, false));
        return [.. ends.Where(e => before(e.Value)), .. spread];
    }

    /// <summary>The layers of these names, each an alias, a module, a node or a tensor; "all" stands for every layer.</summary>
    /// <exception cref="OnnxVizException">An unknown layer, or one that has no gradient.</exception>
    public static IReadOnlyList<CheckedLayer> Named(VisionModel model, long[] dims, IReadOnlyList<string> names)
    {
        if (names is ["all"])
        {
            var on = Differentiable(model, dims, model.Graph.Outputs);
            return [.. model.Layers.Layers.Where(l => on(l.Value)).Select(l => new CheckedLayer(l.Name, l.Value, false))];
        }

        var layers = names.Select(n => new CheckedLayer(n, model.Layers.Find(n), false)).ToArray();
        var has = Differentiable(model, dims, layers.Select(l => l.Value));
        return Array.Find(layers, l => !has(l.Value)) is { } without
            ? throw OnnxVizException.Input(Without(without, model))
            : layers;
    }

    private static string Without(CheckedLayer layer, VisionModel model) =>
        $"'{layer.Name}' of {model.Name} does not depend on the picture, or only through operators without a gradient.";

    private static List<CheckedLayer> Ends(VisionModel model)
    {
        if (ClassOutput.Find(model) is { } scores) return [new CheckedLayer(model.Layers.NameOf(scores), scores, true)];
        return model.Graph.Outputs.FindAll(o => o.Type.IsFloating() || o.Type == ElementType.Undefined)
            .ConvertAll(o => new CheckedLayer(model.Layers.NameOf(o), o, false));
    }

    private static Func<Value, bool> Differentiable(VisionModel model, long[] dims, IEnumerable<Value> wanted)
    {
        var forward = ShapedModel.Start(model, dims, [.. wanted]);
        var path = Backpropagation.Path(forward.Builder.Graph.Nodes, [forward.Input], new HashSet<Value>());
        return value => forward.Map.TryGetValue(value, out var there) && there.Type.IsFloating() && there.HasStaticShape && path.Contains(there);
    }
}

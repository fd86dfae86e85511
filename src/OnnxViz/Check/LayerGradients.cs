using OnnxViz.Autodiff;

namespace OnnxViz.Check;

/// <summary>The compiled gradients of all layers with respect to the picture, in one graph: what is not asked for has the seed 0.</summary>
internal sealed class LayerGradients : IDisposable
{
    private readonly Session _session;
    private readonly string _image;
    private readonly long[][] _dims;
    private readonly ElementType[] _types;
    private readonly CancellationToken _token;

    public LayerGradients(VisionModel model, long[] dims, IReadOnlyList<CheckedLayer> layers, GradientRules rules, RuntimeOptions runtime, CancellationToken token = default)
    {
        _token = token;
        var forward = ShapedModel.Start(model, dims, [.. layers.Select(l => l.Value)]);
        var builder = forward.Builder;
        var values = layers.Select(l => forward[l.Value]).ToArray();
        (_image, _dims, _types) = (forward.Input.Name, Array.ConvertAll(values, v => v.StaticDims()), Array.ConvertAll(values, v => v.Type));
        var seeds = new Dictionary<Value, Value>();
        foreach (var (i, value) in values.Index())
        {
            var seed = builder.Input(Name(i), value.Type, _dims[i]);
            seeds[value] = seeds.TryGetValue(value, out var other) ? builder.Add(other, seed) : seed;
        }

        builder.Output("gradient", Backpropagation.Gradients(builder, seeds, [forward.Input], rules)[0]);
        _session = new Session(builder.Build(), runtime);
    }

    /// <summary>For each layer d score / d image.</summary>
    public float[][] At(CheckedPoint point) => [.. point.Seeds.Select((_, layer) => Gradient(point, layer))];

    public void Dispose() => _session.Dispose();

    private static string Name(int layer) => $"seed/{layer}";

    private float[] Gradient(CheckedPoint point, int layer)
    {
        var feeds = new Dictionary<string, Tensor> { [_image] = point.Image };
        for (var i = 0; i < _dims.Length; i++)
            feeds[Name(i)] = Vectors.As(_types[i], i == layer ? point.Seeds[i] : new float[point.Seeds[i].Length], _dims[i]);
        return _session.Run(feeds, _token)["gradient"].ToFloats();
    }
}

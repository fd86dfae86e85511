using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency;

/// <summary>A layer's activation, [N, C, h, w], and the score, for the maps that need no gradient.</summary>
internal sealed record LayerActivations(Value Layer, Tensor Maps, float[] Scores, long[] Units)
{
    public static LayerActivations Of(AttributionTask task)
    {
        var layer = MapLayers.Of(task);
        var forward = ShapedModel.Start(task.Model, task.Input.Dims, task.Target.Layer, layer);
        var builder = forward.Builder;
        var maps = forward.Units(layer);
        MapLayers.Check(task.Model, layer, maps);
        var (score, unit) = task.Target.Emit(builder, forward.Units(task.Target.Layer));
        builder.Output("maps", maps);
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = task.Input }, task.Token);
        return new LayerActivations(layer, results["maps"], results["score"].ToFloats(), results["unit"].ToLongs());
    }

    /// <summary>The result whose rows are the given maps.</summary>
    public SaliencyResult Result(IReadOnlyList<float[]> rows) => new(Tensors.Join(rows, [1, .. Maps.Dims[2..]]), Scores, Units) { MapLayer = Layer };

    /// <summary>relu(sum of w A) of a row, [h, w].</summary>
    public float[] Weighted(int row, ReadOnlySpan<double> weights)
    {
        var maps = Tensors.Row(Maps, row);
        var positions = maps.Length / weights.Length;
        var sum = new double[positions];
        for (var c = 0; c < weights.Length; c++)
            for (var i = 0; i < positions; i++) sum[i] += weights[c] * maps[(c * positions) + i];
        return Array.ConvertAll(sum, s => (float)Math.Max(s, 0));
    }
}

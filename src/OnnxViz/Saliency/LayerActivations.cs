namespace OnnxViz.Saliency;

/// <summary>The maps of a layer and the score, for class activation maps that need no gradient.</summary>
/// <param name="Layer">A value of the model's graph.</param>
/// <param name="Maps">Its activation, [N, C, h, w].</param>
/// <param name="Scores">The explained score of each row.</param>
/// <param name="Units">The unit or class that is explained in each row.</param>
internal sealed record LayerActivations(Value Layer, Tensor Maps, float[] Scores, long[] Units)
{
    public static LayerActivations Of(SaliencyTask task, Value layer)
    {
        var forward = ShapedModel.Start(task.Model, task.Input.Dims, task.Target.Layer, layer);
        var builder = forward.Builder;
        var maps = forward.Units(layer);
        LayerMethod.CheckMaps(task.Model, layer, maps);
        var (score, unit) = task.Target.Emit(builder, forward.Units(task.Target.Layer));
        builder.Output("maps", maps);
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = task.Input }, task.Token);
        return new LayerActivations(layer, results["maps"], results["score"].ToFloats(), results["unit"].ToLongs());
    }

    /// <param name="rows">A class activation map for each row, [h, w].</param>
    public SaliencyResult Result(IReadOnlyList<float[]> rows) => new(Tensors.Join(rows, [1, .. Maps.Dims[2..]]), Scores, Units) { MapLayer = Layer };

    /// <param name="row">Number of the picture.</param>
    /// <param name="weights">[C]</param>
    /// <returns>[h, w]: relu(sum over c of weights[c] * maps[c]).</returns>
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

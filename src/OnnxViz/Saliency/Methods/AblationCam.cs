namespace OnnxViz.Saliency.Methods;

/// <summary>w = (S - S without the map) / |S|. The network from the layer on runs once for every channel.</summary>
public sealed record AblationCam() : LayerMethod("ablation-cam", "relu(sum of w A), w = the share of the score that is lost without A.", new("Desai and Ramaswamy", 2020))
{
    public override bool RunsOften => true;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var layer = LayerActivations.Of(task, LayerOf(task));
        var channels = (int)layer.Maps.Dims[1];
        var batch = task.Batch(channels, hasGradient: false);
        var graph = Behind(task, layer, batch);
        using var session = new Session(graph, task.Runtime);
        var rows = new List<float[]>();
        for (var row = 0; row < task.Rows; row++)
        {
            var inputs = new Dictionary<string, Tensor>
            {
                ["maps"] = Tensors.Rows(layer.Maps, row, 1),
                ["unit"] = Tensor.Of([.. Enumerable.Repeat(layer.Units[row], batch)], batch),
            };
            if (graph.Inputs.Exists(i => i.Name == "image")) inputs["image"] = Tensors.Join([.. Enumerable.Repeat(Tensors.Row(task.Input, row).ToArray(), batch)], task.Input.Dims[1..]);
            var weights = new double[channels];
            // Divided by the absolute score: a negative one would turn all signs round.
            var whole = Math.Abs((double)layer.Scores[row]);
            for (var first = 0; first < channels; first += batch)
            {
                inputs["kept"] = Kept(layer, first, batch);
                var scores = session.Run(inputs, task.Token)["score"].As<float>();
                for (var i = 0; i < batch && first + i < channels; i++) weights[first + i] = (layer.Scores[row] - (double)scores[i]) / (whole > 0 ? whole : 1);
                task.ProgressOf(row)?.Report(Math.Min(1, (double)(first + batch) / channels));
            }

            rows.Add(layer.Weighted(row, weights));
        }

        return layer.Result(rows);
    }

    /// <summary>The network from the layer on. The picture is an input only where a path to the score goes around the layer.</summary>
    private static Graph Behind(SaliencyTask task, LayerActivations layer, int batch)
    {
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, [batch, .. task.Input.Dims[1..]]);
        var unit = builder.Input("unit", ElementType.Int64, batch);
        var maps = builder.Input("maps", ElementType.Float, [1, .. layer.Maps.Dims[1..]]);
        var kept = builder.Input("kept", ElementType.Float, KeptDims(layer, batch));
        var ablated = builder.Mul(maps, kept);
        var hasChannelsLast = !ShapedModel.Start(task.Model, task.RowDims, layer.Layer)[layer.Layer].Dims.AsSpan(1).SequenceEqual(layer.Maps.Dims.AsSpan(1));
        var forward = ShapedModel.Into(
            builder, task.Model, image, new Dictionary<Value, Value> { [layer.Layer] = hasChannelsLast ? builder.ChannelsLast(ablated) : ablated },
            task.Target.Layer);
        builder.Output("score", task.Target.Emit(builder, forward.Units(task.Target.Layer), unit).Value);
        return builder.Graph.Cut(builder.Graph.Outputs);
    }

    /// <summary>[batch, C, 1...]: ones, but for the channel that each row goes without.</summary>
    private static Tensor Kept(LayerActivations layer, int first, int batch)
    {
        var channels = (int)layer.Maps.Dims[1];
        var kept = Enumerable.Repeat(1f, batch * channels).ToArray();
        for (var i = 0; i < batch && first + i < channels; i++) kept[(i * channels) + first + i] = 0;
        return Tensor.Of(kept, KeptDims(layer, batch));
    }

    private static long[] KeptDims(LayerActivations layer, int batch) => [batch, layer.Maps.Dims[1], .. Enumerable.Repeat(1L, layer.Maps.Dims.Length - 2)];
}

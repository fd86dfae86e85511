namespace OnnxViz.Invert;

/// <summary>
/// Pictures from their codes: what a layer has kept of a picture is what can be found again from its activation alone
/// (Mahendran and Vedaldi 2015, 2016). One step - jitter, model, distance, penalties, gradient, update - is one ONNX graph.
/// </summary>
public static class Inversion
{
    /// <param name="model">The network; only what lies before the layer is run.</param>
    /// <param name="input">The pictures as the model's input, [N, C, H, W] or [N, H, W, C]; each row is inverted by itself.</param>
    /// <param name="names">Of the rows, for messages.</param>
    /// <param name="layers">Values of the model's graph, of any rank.</param>
    /// <param name="options">How.</param>
    /// <param name="runtime">Where.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Stops within a step; what was found so far is returned.</param>
    /// <returns>Row by row, layer by layer, the best start first. After an interruption what is done, or else how far the first run came.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it before the first step.</exception>
    /// <exception cref="OnnxVizException">A code that is zero or not finite, or a picture that the model does not take.</exception>
    public static IReadOnlyList<Inverted> Run(
        VisionModel model,
        Tensor input,
        IReadOnlyList<string> names,
        IReadOnlyList<Value> layers,
        InvertOptions options,
        RuntimeOptions runtime,
        IProgress<InversionProgress>? progress = null,
        CancellationToken token = default)
    {
        options = options.Resolved();
        var rows = Enumerable.Range(0, (int)input.Dims[0]).Select(i => Tensors.Rows(input, i, 1)).ToList();
        var codes = rows.Select((row, i) => Codes(model, row, names[i], layers, runtime, token)).ToList();
        var runs = layers.Count * rows.Count * options.Restarts;
        var results = new List<Inverted>();
        for (var l = 0; l < layers.Count && (results.Count == 0 || !token.IsCancellationRequested); l++)
        {
            var layer = l;
            using var inversion = Start(layers[l]);
            if (inversion is null) break;
            for (var run = 0; run < rows.Count * options.Restarts && (results.Count == 0 || !token.IsCancellationRequested); run++)
            {
                var (row, restart) = Math.DivRem(run, options.Restarts);
                var done = results.Count;
                var found = inversion.Run(
                    rows[row], codes[row][l], restart, (step, steps, loss) => progress?.Report(new(layer, done, runs, step, steps, loss)), token);
                results.Add(found with { Row = row, Layer = l });
            }
        }

        var finished = results.FindAll(r => r.IsDone);
        if (finished.Count == 0) finished = results.FindAll(r => r.Steps > 0);
        return [.. finished.OrderBy(r => r.Row).ThenBy(r => r.Layer)
            .ThenBy(r => options.Recipe == InversionRecipe.Caricature ? -r.Cosine : r.Error)];

        InversionRun? Start(Value layer)
        {
            try
            {
                return new InversionRun(model, layer, rows[0].Dims, options, runtime with { Token = token });
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>The code of one picture at every layer, with its units on axis 1.</summary>
    private static Tensor[] Codes(VisionModel model, Tensor row, string name, IReadOnlyList<Value> layers, RuntimeOptions runtime, CancellationToken token)
    {
        var codes = FeatureMaps.Of(model, row, layers, runtime, token);
        for (var i = 0; i < codes.Count; i++)
        {
            var (layer, size) = (model.Layers.NameOf(layers[i]), codes[i].Maps.ToDoubles().Sum(c => c * c));
            if (!double.IsFinite(size))
                throw OnnxVizException.Input($"The code of {name} at '{layer}' of {model.Name} holds NaN or infinite numbers: the weights or the picture do.");
            if (size == 0)
                throw OnnxVizException.Input($"The code of {name} at '{layer}' of {model.Name} is zero everywhere: there is nothing to invert. Name a layer before it.");
        }

        return [.. codes.Select(c => c.Maps)];
    }
}

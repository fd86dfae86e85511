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
        using var sessions = new InversionSessions(model, [1, .. input.Dims[1..]], layers, options.Resolved(), runtime);
        return Run(sessions, input, names, progress, token);
    }

    /// <summary>The same with sessions that are kept for further pictures of the size.</summary>
    /// <inheritdoc cref="Run(VisionModel, Tensor, IReadOnlyList{string}, IReadOnlyList{Value}, InvertOptions, RuntimeOptions, IProgress{InversionProgress}, CancellationToken)"/>
    internal static IReadOnlyList<Inverted> Run(
        InversionSessions sessions, Tensor input, IReadOnlyList<string> names, IProgress<InversionProgress>? progress = null, CancellationToken token = default)
    {
        var (layers, options) = (sessions.Layers, sessions.Options);
        var rows = Enumerable.Range(0, (int)input.Dims[0]).Select(i => Tensors.Rows(input, i, 1)).ToList();
        var codes = rows.Select((row, i) => Codes(sessions, row, names[i], token)).ToList();
        var runs = layers.Count * rows.Count * options.Restarts;
        var results = new List<Inverted>();
        for (var l = 0; l < layers.Count && (results.Count == 0 || !token.IsCancellationRequested); l++)
        {
            var layer = l;
            if (sessions.Start(l, token) is not { } inversion) break;
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
    }

    /// <summary>The code of one picture at every layer, with its units on axis 1.</summary>
    private static Tensor[] Codes(InversionSessions sessions, Tensor row, string name, CancellationToken token)
    {
        var (model, layers, codes) = (sessions.Model, sessions.Layers, sessions.Codes.Of(row, token));
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

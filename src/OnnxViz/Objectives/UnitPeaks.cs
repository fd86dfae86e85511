namespace OnnxViz.Objectives;

/// <summary>Where the units of a layer are at their strongest, for batches of pictures. Only that comes back from the device.</summary>
internal sealed class UnitPeaks : IDisposable
{
    private readonly Session _session;

    /// <param name="model">The network; what lies behind the layer is not run.</param>
    /// <param name="layer">A value of its graph with units, and positions or none.</param>
    /// <param name="inputDims">Of the batches, their number of rows included.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="units">Which units, in this order; null for all of them.</param>
    /// <exception cref="OnnxVizException">The layer has no axis of units, or not this unit.</exception>
    public UnitPeaks(VisionModel model, Value layer, long[] inputDims, RuntimeOptions runtime, IReadOnlyList<int>? units = null)
    {
        var (b, maps) = SomeUnits.Start(model, layer, inputDims, units);
        Units = units ?? [.. Enumerable.Range(0, (int)maps.StaticDims()[1])];
        var flat = b.Reshape(maps, inputDims[0], Units.Count, -1);
        b.Output("activation", b.ReduceMax(flat, [2], keep: false));
        b.Output("position", b.Emit("ArgMax", [flat], ("axis", 2L), ("keepdims", 0L)));
        _session = new Session(b.Build(), runtime);
    }

    public IReadOnlyList<int> Units { get; }

    /// <param name="input">A batch of the dimensions given.</param>
    /// <param name="token">Ends the run.</param>
    /// <returns>
    /// [rows, units] float32, each unit's largest activation, and row by row the position, counted row by row, that has it
    /// (the first of equal ones).
    /// </returns>
    public (Tensor Activations, long[] Positions) Of(Tensor input, CancellationToken token = default)
    {
        var results = _session.Run(new Dictionary<string, Tensor> { ["image"] = input }, token);
        return (results["activation"], results["position"].ToLongs());
    }

    public void Dispose() => _session.Dispose();
}

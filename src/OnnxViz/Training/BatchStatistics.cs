namespace OnnxViz.Training;

/// <summary>
/// Batch normalisation in training (Ioffe and Szegedy 2015) as primitive nodes: the statistics are the batch's, and the
/// running ones follow them. ONNX Runtime's own operator has no training mode outside its training builds.
/// </summary>
internal static class BatchStatistics
{
    private const float DefaultEpsilon = 1e-5f;
    private const float DefaultMomentum = 0.9f;

    /// <param name="b">Receives the nodes.</param>
    /// <param name="node">The network's node.</param>
    /// <param name="x">[N, C, ...], with at least two numbers per channel.</param>
    /// <param name="scale">[C].</param>
    /// <param name="bias">[C].</param>
    /// <returns>The normalised x; the mean of each channel, [C]; and its unbiased variance, [C].</returns>
    public static (Value Normalized, Value Mean, Value Variance) Emit(GraphBuilder b, Node node, Value x, Value scale, Value bias)
    {
        using var scope = b.Scope(node.Name);
        var dims = x.StaticDims();
        long[] axes = [0, .. Shapes.Axes(2, dims.Length - 2)];
        long[] channels = [1, dims[1], .. Enumerable.Repeat(1L, dims.Length - 2)];
        var count = Shapes.Count(dims) / dims[1];
        if (count < 2) throw OnnxVizException.Input($"{node} needs more than one number per channel to learn from, but has [{Shapes.Text(dims)}]: take larger batches.", argument: "Batch");
        var mean = b.ReduceMean(x, axes);
        var centered = b.Sub(x, mean);
        var variance = b.ReduceMean(b.Mul(centered, centered), axes);
        var deviation = b.Sqrt(b.Add(variance, b.Scalar(node.Float("epsilon", DefaultEpsilon))));
        var factor = b.Div(b.Reshape(scale, channels), deviation);
        var y = b.Add(b.Mul(centered, factor), b.Reshape(bias, channels));
        return (y, b.Reshape(mean, dims[1]), b.Mul(b.Reshape(variance, dims[1]), (float)((double)count / (count - 1))));
    }

    /// <summary>What a running statistic becomes: ONNX's momentum is the share that stays.</summary>
    public static Value Running(GraphBuilder b, Node node, Value running, Value ofBatch)
    {
        var keep = node.Float("momentum", DefaultMomentum);
        return b.Add(b.Mul(running, keep), b.Mul(ofBatch, 1 - keep));
    }
}

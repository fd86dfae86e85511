using OnnxViz.Objectives;

namespace OnnxViz.Saliency;

/// <summary>Which parts of the input a score depends on.</summary>
public static class SaliencyExplainer
{
    /// <param name="model">The network.</param>
    /// <param name="input">[N, C, H, W] or [N, H, W, C], as the model takes it; each row is explained by itself.</param>
    /// <param name="method">How the score is traced back, with its options.</param>
    /// <param name="target">The score; null for each row's highest class.</param>
    /// <param name="runtime">Where it runs; null for the default.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, by methods that run the network many times.</param>
    /// <param name="token">Stops within a run of the network.</param>
    /// <exception cref="OnnxVizException">The score or the layer does not exist, has no gradient, or an option makes no sense.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static SaliencyResult Explain(
        this VisionModel model, Tensor input, SaliencyMethod method, ScoreTarget? target = null, RuntimeOptions? runtime = null,
        IProgress<double>? progress = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(method);
        method.Check(model, input.Dims);
        var task = new SaliencyTask(model, input, target ?? ScoreTarget.OfClass(model, null), runtime ?? RuntimeOptions.Default) { Progress = progress, Token = token };
        var result = method.Explain(task);
        return result with { Caveats = Caveats.Of(task, method, result) };
    }
}

using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency.Methods;

namespace OnnxViz.Saliency;

/// <summary>Which parts of the input a score depends on.</summary>
public static class SaliencyExplainer
{
    private static readonly Dictionary<SaliencyMethod, AttributionMethod> Methods = new()
    {
        [SaliencyMethod.Gradient] = new PlainGradient(GradientRules.Default),
        [SaliencyMethod.InputXGradient] = new PlainGradient(GradientRules.Default, timesInput: true),
        [SaliencyMethod.Guided] = new PlainGradient(GradientRules.Guided),
        [SaliencyMethod.Deconv] = new PlainGradient(GradientRules.Deconv),
        [SaliencyMethod.IntegratedGradients] = new IntegratedGradients(),
        [SaliencyMethod.SmoothGrad] = new NoisyGradients(NoiseStatistic.Mean),
        [SaliencyMethod.VarGrad] = new NoisyGradients(NoiseStatistic.Variance),
        [SaliencyMethod.SquareGrad] = new NoisyGradients(NoiseStatistic.MeanSquare),
        [SaliencyMethod.GradCam] = new GradientMap(CamFormulas.GradCam),
        [SaliencyMethod.GradCamPlusPlus] = new GradientMap(CamFormulas.GradCamPlusPlus),
        [SaliencyMethod.XGradCam] = new GradientMap(CamFormulas.XGradCam),
        [SaliencyMethod.HiResCam] = new GradientMap(CamFormulas.HiResCam),
        [SaliencyMethod.LayerCam] = new GradientMap(CamFormulas.LayerCam),
        [SaliencyMethod.EigenCam] = new EigenCam(),
        [SaliencyMethod.ScoreCam] = new ScoreCam(),
        [SaliencyMethod.AblationCam] = new AblationCam(),
        [SaliencyMethod.GuidedGradCam] = new GuidedGradCam(),
        [SaliencyMethod.Occlusion] = new Occlusion(),
        [SaliencyMethod.Rise] = new Rise(),
    };

    /// <param name="model">The network.</param>
    /// <param name="input">A batch of input tensors; each row is explained by itself.</param>
    /// <param name="explanation">The score.</param>
    /// <param name="method">How it is traced back.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="options">Numbers of the method; null for the defaults.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, by methods that run the network many times.</param>
    /// <param name="token">Stops within a run of the network.</param>
    /// <exception cref="OnnxVizException">The score or the layer does not exist, has no gradient, or an option makes no sense.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static SaliencyResult Explain(
        VisionModel model, Tensor input, ScoreTarget explanation, SaliencyMethod method, RuntimeOptions runtime,
        SaliencyOptions? options = null, IProgress<double>? progress = null, CancellationToken token = default)
    {
        options ??= SaliencyOptions.Default;
        options.Check();
        var task = new AttributionTask(model, input, explanation, options, runtime) { Progress = progress, Token = token };
        return Methods[method].Explain(task);
    }

    /// <summary>Whether a method gives a map of a layer, [N, 1, h, w], and not an attribution in the shape of the input.</summary>
    public static bool IsLayerMap(SaliencyMethod method) => Methods[method] is LayerMapMethod;

    /// <summary>The layer that class activation maps of a score are made of when none is named.</summary>
    /// <exception cref="OnnxVizException">None has more than one position.</exception>
    public static Value DefaultMapLayer(VisionModel model, long[] inputDims, ScoreTarget explanation) => MapLayers.Last(model, inputDims, explanation.Layer);
}

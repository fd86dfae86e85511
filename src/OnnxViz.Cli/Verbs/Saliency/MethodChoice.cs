using OnnxViz.Autodiff.Rules;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using OnnxViz.Saliency;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>A method of `saliency`, what it is called, and in which way its authors show it.</summary>
internal sealed record MethodChoice(string Word, SaliencyMethod Method, SaliencyLook Look)
{
    /// <summary>For help.</summary>
    public const string Listed = "gradient, input-x-gradient, guided, deconv, integrated-gradients, smoothgrad, vargrad, squaregrad, grad-cam, grad-cam++, xgrad-cam, "
        + "hires-cam, layer-cam, eigen-cam, score-cam, ablation-cam, guided-grad-cam, occlusion, rise";

    public static IReadOnlyList<MethodChoice> All { get; } =
    [
        new("gradient", SaliencyMethod.Gradient, SaliencyLook.Absolute),
        new("input-x-gradient", SaliencyMethod.InputXGradient, SaliencyLook.Signed),
        new("guided", SaliencyMethod.Guided, SaliencyLook.Color),
        new("deconv", SaliencyMethod.Deconv, SaliencyLook.Color),
        new("integrated-gradients", SaliencyMethod.IntegratedGradients, SaliencyLook.Absolute),
        new("smoothgrad", SaliencyMethod.SmoothGrad, SaliencyLook.Absolute),
        new("vargrad", SaliencyMethod.VarGrad, SaliencyLook.Absolute),
        new("squaregrad", SaliencyMethod.SquareGrad, SaliencyLook.Absolute),
        new("grad-cam", SaliencyMethod.GradCam, SaliencyLook.Heat),
        new("grad-cam++", SaliencyMethod.GradCamPlusPlus, SaliencyLook.Heat),
        new("xgrad-cam", SaliencyMethod.XGradCam, SaliencyLook.Heat),
        new("hires-cam", SaliencyMethod.HiResCam, SaliencyLook.Heat),
        new("layer-cam", SaliencyMethod.LayerCam, SaliencyLook.Heat),
        new("eigen-cam", SaliencyMethod.EigenCam, SaliencyLook.Heat),
        new("score-cam", SaliencyMethod.ScoreCam, SaliencyLook.Heat),
        new("ablation-cam", SaliencyMethod.AblationCam, SaliencyLook.Heat),
        new("guided-grad-cam", SaliencyMethod.GuidedGradCam, SaliencyLook.Color),
        new("occlusion", SaliencyMethod.Occlusion, SaliencyLook.Heat),
        new("rise", SaliencyMethod.Rise, SaliencyLook.Heat),
    ];

    private static readonly SaliencyMethod[] Noisy = [SaliencyMethod.SmoothGrad, SaliencyMethod.VarGrad, SaliencyMethod.SquareGrad];

    private static readonly SaliencyMethod[] Plain = [SaliencyMethod.Gradient, SaliencyMethod.InputXGradient, SaliencyMethod.Guided, SaliencyMethod.Deconv];

    public bool IsLayerMap => SaliencyExplainer.IsLayerMap(Method);

    /// <summary>Whether a layer of positions is needed on the way.</summary>
    public bool UsesMapLayer => IsLayerMap || Method == SaliencyMethod.GuidedGradCam;

    public bool IsNoisy => Noisy.Contains(Method);

    public bool HasCrops => Plain.Contains(Method);

    public bool HasBaseline => Method is SaliencyMethod.IntegratedGradients or SaliencyMethod.Occlusion or SaliencyMethod.Rise or SaliencyMethod.ScoreCam;

    /// <summary>Runs the network again and again for each picture: pictures are taken one by one, so that Ctrl-C leaves those that are done.</summary>
    public bool IsLong => HasBaseline || IsNoisy || Method == SaliencyMethod.AblationCam;

    public static MethodChoice Of(string word, string option) => Choice.Of(option, word, [.. All.Select(m => (m.Word, m))]);

    /// <summary>--methods, or else --method.</summary>
    /// <exception cref="OnnxVizException">An unknown method, or one twice.</exception>
    public static IReadOnlyList<MethodChoice> Parse(string method, string? methods)
    {
        if (methods is null) return [Of(method, "--method")];
        if (methods.Equals("all", StringComparison.OrdinalIgnoreCase)) return All;
        var chosen = methods.Split(',', StringSplitOptions.TrimEntries).Select(word => Of(word, "--methods")).ToList();
        return chosen.Distinct().Count() == chosen.Count ? chosen : throw OnnxVizException.Usage($"--methods {methods}: one of them is there twice.");
    }
}

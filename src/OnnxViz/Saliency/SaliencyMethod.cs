namespace OnnxViz.Saliency;

/// <summary>
/// How a score is traced back to the picture. Attributions are signed and in the shape of the input; class activation
/// maps are [N, 1, h, w] of the layer they are made of, not negative but for <see cref="EigenCam"/>.
/// </summary>
public enum SaliencyMethod
{
    /// <summary>d score / d input (Simonyan et al. 2013).</summary>
    Gradient,

    /// <summary>input * gradient.</summary>
    InputXGradient,

    /// <summary>Guided backpropagation (Springenberg et al. 2014).</summary>
    Guided,

    /// <summary>The deconvnet's backward pass (Zeiler and Fergus 2013).</summary>
    Deconv,

    /// <summary>(x - b) * the mean gradient between the baseline b and the picture x (Sundararajan et al. 2017).</summary>
    IntegratedGradients,

    /// <summary>The mean gradient of noisy copies (Smilkov et al. 2017).</summary>
    SmoothGrad,

    /// <summary>The variance of that gradient (Adebayo et al. 2018).</summary>
    VarGrad,

    /// <summary>The mean of its square (Hooker et al. 2019).</summary>
    SquareGrad,

    /// <summary>relu(sum of w A), w the mean gradient of the map A (Selvaraju et al. 2017).</summary>
    GradCam,

    /// <summary>The same with w = sum of alpha relu(gradient) (Chattopadhay et al. 2018).</summary>
    GradCamPlusPlus,

    /// <summary>With w = sum of gradient * A / sum of A (Fu et al. 2020).</summary>
    XGradCam,

    /// <summary>relu(sum of gradient * A), position by position (Draelos and Carin 2020).</summary>
    HiResCam,

    /// <summary>relu(sum of relu(gradient) * A) (Jiang et al. 2021).</summary>
    LayerCam,

    /// <summary>The first principal component of the maps, whatever the score (Muhammad and Yeasin 2020); signed.</summary>
    EigenCam,

    /// <summary>With w from the scores of the picture seen through each map (Wang et al. 2020).</summary>
    ScoreCam,

    /// <summary>With w = how much of the score is lost without the map (Desai and Ramaswamy 2020).</summary>
    AblationCam,

    /// <summary>Guided backpropagation times Grad-CAM (Selvaraju et al. 2017).</summary>
    GuidedGradCam,

    /// <summary>What the score loses when a window is covered (Zeiler and Fergus 2013).</summary>
    Occlusion,

    /// <summary>What the score gains where random masks let the picture through (Petsiuk et al. 2018).</summary>
    Rise,
}

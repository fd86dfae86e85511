namespace OnnxViz.Invert;

/// <summary>Whose way of finding a picture from its code.</summary>
public enum InversionRecipe
{
    /// <summary>
    /// Mahendran and Vedaldi, "Visualizing Deep Convolutional Neural Networks Using Natural Pre-images", IJCV 2016: norms of
    /// colours, bounds, jitter, momentum with a decaying Adagrad denominator.
    /// </summary>
    Ijcv2016,

    /// <summary>Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015: momentum in three phases.</summary>
    Cvpr2015,

    /// <summary>|F(x) - F0|^2 / |F0|^2 and the penalties that were asked for, nothing else.</summary>
    Plain,

    /// <summary>
    /// Olah, "Caricatures" (Lucid, recipes/caricature.py): the picture whose code has the largest dot product with the
    /// given one, so that what the layer sees in a picture is exaggerated.
    /// </summary>
    Caricature,
}

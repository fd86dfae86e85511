namespace OnnxViz.Saliency;

/// <summary>Why an attribution says less than it seems to, or how it came to be.</summary>
public enum CaveatKind
{
    /// <summary>The map has one value everywhere.</summary>
    ConstantMap,

    /// <summary>The score is a probability of 0 or 1, beyond which nothing moves it.</summary>
    SaturatedScore,

    /// <summary>The gradient is so small that the score does not depend on the picture within rounding.</summary>
    VanishingGradient,

    /// <summary>A deconvnet without a max-pool whose switches it could follow: the gradient with rectified signals.</summary>
    NoSwitches,

    /// <summary>The attributions do not add up to what they explain.</summary>
    Incomplete,

    /// <summary>More steps were taken than usual, so that they do.</summary>
    MoreSteps,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">A clause about the map, such as "is zero everywhere".</param>
public sealed record Caveat(CaveatKind Kind, string Text);

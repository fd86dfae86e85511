namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>How a method's result is mostly shown.</summary>
internal enum SaliencyLook
{
    /// <summary>How much: the largest absolute value over the channels.</summary>
    Absolute,

    /// <summary>For and against: the sum over the channels.</summary>
    Signed,

    /// <summary>Each channel as its colour.</summary>
    Color,

    /// <summary>Where: a coarse map over the picture.</summary>
    Heat,
}

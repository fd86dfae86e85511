using OnnxViz.Imaging.Resample;

namespace OnnxViz.Models.Metadata;

/// <summary>What an exporter says of a model's pictures and classes; null for what it does not say.</summary>
internal sealed record InputDescription
{
    /// <summary>Who says so, as the end of a sentence: "from ...".</summary>
    public required string Source { get; init; }

    public bool? IsBgr { get; init; }

    /// <summary>What black and white become before mean and deviation.</summary>
    public (float Low, float High)? Range { get; init; }

    public bool IsLinear { get; init; }

    /// <summary>Per channel, in units of the range.</summary>
    public float[]? Mean { get; init; }

    /// <summary>Per channel, in units of the range.</summary>
    public float[]? Std { get; init; }

    /// <summary>Of the pictures that the model is meant for.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Length that the short side is brought to before the middle is cut out; null for no cut.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Whether pictures are fitted in whole, with gray beside them.</summary>
    public bool IsLetterboxed { get; init; }

    public ResampleFilter? Filter { get; init; }

    /// <summary>Channels that it is about; null where it does not say.</summary>
    public int? Channels { get; init; }

    /// <summary>Names of the classes in the order of the scores.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whether the pictures are described, and not only the classes.</summary>
    public bool DescribesPictures => Range is not null;
}

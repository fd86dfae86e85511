namespace OnnxViz.Cli.Verbs.Segment;

/// <summary>How a segmentation is drawn.</summary>
internal enum SegmentDisplay
{
    /// <summary>All of it, beside each other.</summary>
    Sheet,

    /// <summary>White where the object is.</summary>
    Mask,

    /// <summary>The object on white.</summary>
    CutOut,

    /// <summary>The picture with the box around the object.</summary>
    Box,
}

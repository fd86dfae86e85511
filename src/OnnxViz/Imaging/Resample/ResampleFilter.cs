namespace OnnxViz.Imaging.Resample;

/// <summary>How a pixel of the new size is weighed from those of the old one.</summary>
public enum ResampleFilter
{
    /// <summary>A triangle, one pixel to each side.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5, two pixels to each side: sharper, overshoots a little at edges.</summary>
    Bicubic,
}

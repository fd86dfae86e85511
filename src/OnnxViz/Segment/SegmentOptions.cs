using OnnxViz.Imaging.Segmentation;
using OnnxViz.Options;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;

namespace OnnxViz.Segment;

/// <summary>How the object of a class is cut out.</summary>
public sealed record SegmentOptions
{
    private static readonly GraphCutOptions Cut = new();

    [Option("method", "How the saliency is found: any method of `saliency`, with its defaults.", Form = "METHOD")]
    public SaliencyMethod Method { get; init; } = new GuidedBackprop();

    /// <summary>Not below <see cref="Background"/>.</summary>
    [Option("foreground", "Pixels above this percentile of the saliency give the object's colours.", Form = "PERCENT", Above = 0, Max = 100)]
    public double Foreground { get; init; } = Cut.Foreground;

    [Option("background", "Pixels below this percentile give the colours of what is around it.", Form = "PERCENT", Above = 0, Max = 100)]
    public double Background { get; init; } = Cut.Background;

    /// <summary>Standard deviation of a Gaussian over the saliency; 0 for none.</summary>
    [Option("blur", "Gaussian blur of the saliency before the percentiles; 0 takes it as it is.", Form = "PIXELS", Min = 0, Max = 100, Unit = "pixels")]
    public double Blur { get; init; } = 4;

    /// <inheritdoc cref="GraphCutOptions"/>
    [Option("smoothness", "Cost of a border; more gives rounder objects.", Form = "W", Min = 0, Max = 1e6)]
    public double Smoothness { get; init; } = Cut.Smoothness;

    /// <exception cref="OnnxVizException">A value that an option cannot take, or a background above the foreground.</exception>
    public void Check()
    {
        OptionTable.Check(this);
        if (!(Background <= Foreground && Foreground < 100))
            throw OnnxVizException.BadArgument(nameof(Background), $"{Background:0.##} with a foreground of {Foreground:0.##}: 0 < background <= foreground < 100 is needed.");
    }
}

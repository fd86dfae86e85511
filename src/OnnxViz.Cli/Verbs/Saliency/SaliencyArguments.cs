using CommandLine;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>The flags of `saliency`; <see cref="SaliencyFlags"/> gives them their meaning.</summary>
internal abstract class SaliencyArguments : PictureOptions
{
    [Option("method", Default = "gradient", MetaValue = "METHOD", HelpText = "How the answer is traced back: " + MethodChoice.Listed + ".")]
    public string Method { get; set; } = "gradient";

    [Option("methods", MetaValue = "A,B,...|all", HelpText = "Several methods side by side: one sheet, a row for each picture and class, a column for each method.")]
    public string? Methods { get; set; }

    [Option("class", MetaValue = "ID|NAME|top", HelpText = "The class to explain, or several with commas; by default each picture's highest one.")]
    public string? Class { get; set; }

    [Option("minus", MetaValue = "ID|NAME", HelpText = "Explain the class's score minus this one's: why the one and not the other.")]
    public string? Minus { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "With --unit, explain units of this layer instead of a class. Alone, the layer a class activation map is made of; by default the last one with more than one position.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9.")]
    public string? Unit { get; set; }

    [Option("target-layer", MetaValue = "LAYER", HelpText = "With --target-unit, what is explained, where --layer names the layer of a class activation map.")]
    public string? TargetLayer { get; set; }

    [Option("target-unit", MetaValue = "UNITS", HelpText = "Units of --target-layer.")]
    public string? TargetUnit { get; set; }

    [Option("minus-unit", MetaValue = "N", HelpText = "Explain the unit's score minus this one's of the same layer.")]
    public int? MinusUnit { get; set; }

    [Option("score", Default = "mean", MetaValue = "mean|center|max", HelpText = "How the map of a unit becomes the number that is explained.")]
    public string Score { get; set; } = "mean";

    [Option("crops", MetaValue = "N", HelpText = "Average a gradient, input-x-gradient, guided or deconv map over N random crops, every second one mirrored (Simonyan et al. took 10).")]
    public int? Crops { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Gradients on the way of integrated-gradients; by default 50.")]
    public int? Steps { get; set; }

    [Option("quadrature", MetaValue = "gauss-legendre|midpoint", HelpText = "Where on the way integrated-gradients takes them; by default gauss-legendre.")]
    public string? Quadrature { get; set; }

    [Option("baseline", MetaValue = "zero|black|FILE", HelpText = "Where integrated-gradients starts, and what occlusion, rise and score-cam cover with: zeros in the model's input, a black picture, a picture or a .npy; by default zero.")]
    public string? Baseline { get; set; }

    [Option("samples", MetaValue = "N", HelpText = "Noisy copies of smoothgrad, vargrad and squaregrad; by default 50.")]
    public int? Samples { get; set; }

    [Option("noise", MetaValue = "SHARE", HelpText = "Their noise's standard deviation as a share of max - min of the picture; by default 0.15.")]
    public double? Noise { get; set; }

    [Option("window", MetaValue = "H|HxW", HelpText = "What occlusion covers at a time, in pixels; by default 32, on small pictures a quarter of the side.")]
    public string? Window { get; set; }

    [Option("stride", MetaValue = "H|HxW", HelpText = "How far it moves; by default half the window.")]
    public string? Stride { get; set; }

    [Option("masks", MetaValue = "N", HelpText = "Random masks of rise; by default 1000.")]
    public int? Masks { get; set; }

    [Option("display", Default = "sheet", MetaValue = "WHAT", HelpText = "What is drawn: sheet (the picture, the map and an overlay), absolute, signed, color, overlay, or blend (a heat map half over the picture).")]
    public string Display { get; set; } = "sheet";

    [Option("percentile", MetaValue = "P", HelpText = "Values beyond this percentile get the strongest colour; by default 99, for class activation maps 100.")]
    public double? Percentile { get; set; }

    [Option("colormap", MetaValue = "NAME", HelpText = "viridis, jet, seismic, RdBu or gray; with _r behind it reversed. By default viridis, over pictures jet, of signed maps RdBu_r.")]
    public string? Colormap { get; set; }

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    /// <summary>Whether units of a layer are explained, and not classes.</summary>
    public bool ExplainsUnits => TargetLayer is not null || Unit is not null;
}

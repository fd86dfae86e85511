using CommandLine;
using OnnxViz.Shards;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>The flags of `saliency`; <see cref="SaliencyFlags"/> gives them their meaning.</summary>
internal abstract class SaliencyArguments : DrawnPictureOptions, IShared
{
    [Option("method", Default = "gradient", MetaValue = "METHOD", HelpText = "How the answer is traced back: one of the methods below.")]
    public string Method { get; set; } = "gradient";

    [Option("methods", MetaValue = "A,B,...|all", HelpText = "Several methods side by side: one sheet, a row for each picture and class, a column for each method.")]
    public string? Methods { get; set; }

    [Option("class", MetaValue = "ID|NAME,...|top", HelpText = "The class to explain, or several with commas; by default each picture's highest one.")]
    public string? Class { get; set; }

    [Option("minus", MetaValue = "ID|NAME", HelpText = "Explain the class's score minus this one's: why the one and not the other.")]
    public string? Minus { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "With --unit, explain units of this layer instead of a class. Alone, the layer a class activation map is made of; by default the last one with more than one position.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9; 25@14,20 is row 14, column 20 of unit 25's map alone.")]
    public string? Unit { get; set; }

    [Option("target-layer", MetaValue = "LAYER", HelpText = "With --target-unit, what is explained, where --layer names the layer of a class activation map.")]
    public string? TargetLayer { get; set; }

    [Option("target-unit", MetaValue = "UNITS", HelpText = "Units of --target-layer.")]
    public string? TargetUnit { get; set; }

    [Option("minus-unit", MetaValue = "N", HelpText = "Explain the unit's score minus this one's of the same layer.")]
    public int? MinusUnit { get; set; }

    [Option("score", Default = "mean", MetaValue = "mean|center|max|box:K", HelpText = "How the map of a unit becomes the number that is explained. box:K: of a detector, the class score of its K-th box (0: the highest score), with --class of that class's.")]
    public string Score { get; set; } = "mean";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    public PartSet? Joined { get; set; }

    /// <summary>Whether units of a layer are explained, and not classes.</summary>
    public bool ExplainsUnits => TargetLayer is not null || Unit is not null;
}

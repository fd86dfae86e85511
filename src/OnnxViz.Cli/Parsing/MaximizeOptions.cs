using CommandLine;

namespace OnnxViz.Cli.Parsing;

/// <summary>How a picture is found that a unit responds to. What is left out is what suits --param.</summary>
internal abstract class MaximizeOptions : ModelOptions
{
    [Option("layer", MetaValue = "LAYER", HelpText = "The layer that holds the units.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9.")]
    public string? Unit { get; set; }

    [Option("class", MetaValue = "ID|NAME,...", HelpText = "One or several classes of the answer instead.")]
    public string? Class { get; set; }

    [Option("objective", Default = "mean", MetaValue = "mean|center|max|rms|target", HelpText = "How the map of a unit becomes the number that grows.")]
    public string Objective { get; set; } = "mean";

    [Option("param", Default = "fourier", MetaValue = "tensor|pixel|fourier", HelpText = "What is moved: the model's input itself, RGB, or a spectrum of decorrelated colours.")]
    public string Param { get; set; } = "fourier";

    [Option("optimizer", Default = "adam", MetaValue = "adam|sgd|momentum|rmsprop", HelpText = "How it is moved.")]
    public string Optimizer { get; set; } = "adam";

    [Option("lr", MetaValue = "RATE", HelpText = "Learning rate.")]
    public double? LearningRate { get; set; }

    [Option("decay", MetaValue = "P", HelpText = "Fourier: a frequency f moves with the amplitude f^-P; more makes smoother pictures.")]
    public double? Decay { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Steps of the optimiser.")]
    public int? Steps { get; set; }

    [Option("octaves", Default = 1, MetaValue = "N", HelpText = "Sizes at which it is optimised, each from the enlarged result of the one before; --steps for each.")]
    public int Octaves { get; set; } = 1;

    [Option("octave-scale", Default = 1.4, MetaValue = "S", HelpText = "How much larger each octave is; the last has --size.")]
    public double OctaveScale { get; set; } = 1.4;

    [Option("init", Default = "noise", MetaValue = "FILE|noise[:LO,HI]|gray", HelpText = "Where it starts: a .npy of [units or 1,C,H,W] in the space of --param, a picture, noise, gray.")]
    public string Init { get; set; } = "noise";

    [Option("normalize-gradient", Default = "none", MetaValue = "none|rms|l2", HelpText = "Divide each picture's gradient by its size.")]
    public string NormalizeGradient { get; set; } = "none";

    [Option("transforms", MetaValue = "lucid|none", HelpText = "Move the picture about a little before each step.")]
    public string? Transforms { get; set; }

    [Option("l1", MetaValue = "W", HelpText = "Weight of sum |x|.")]
    public float? L1 { get; set; }

    [Option("l2", MetaValue = "W", HelpText = "Weight of sum x^2.")]
    public float? L2 { get; set; }

    [Option("alpha-norm", MetaValue = "W", HelpText = "Weight of sum |x|^alpha.")]
    public float? AlphaNorm { get; set; }

    [Option("alpha", Default = 6f, MetaValue = "A", HelpText = "Exponent of --alpha-norm.")]
    public float Alpha { get; set; } = 6;

    [Option("tv", MetaValue = "W", HelpText = "Weight of the total variation.")]
    public float? TotalVariation { get; set; }

    [Option("tv-beta", Default = 2f, MetaValue = "B", HelpText = "Exponent of --tv.")]
    public float TotalVariationBeta { get; set; } = 2;

    [Option("scharr", MetaValue = "W", HelpText = "Weight of the edges that Scharr's filter finds.")]
    public float? Scharr { get; set; }

    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Option("columns", MetaValue = "N", HelpText = "Pictures in a row of the sheet.")]
    public int? Columns { get; set; }

    [Option("background", Default = "white", MetaValue = "white|black", HelpText = "Of the sheet.")]
    public string Background { get; set; } = "white";
}

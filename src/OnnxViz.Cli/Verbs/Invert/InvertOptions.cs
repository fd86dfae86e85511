using CommandLine;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;

namespace OnnxViz.Cli.Verbs.Invert;

/// <summary>How a picture is found from its code. What is left out is what suits --recipe.</summary>
internal abstract class InvertOptions : PictureOptions
{
    [Option("layer", MetaValue = "LAYER...", HelpText = "One or several layers, of any kind; `onnxviz summary MODEL` lists them.")]
    public IEnumerable<string> Layer { get; set; } = [];

    [Option("recipe", Default = "ijcv2016", MetaValue = "ijcv2016|cvpr2015|plain|caricature", HelpText = "Mahendran and Vedaldi's two; the distance and the penalties asked for; Lucid's exaggeration.")]
    public string Recipe { get; set; } = "ijcv2016";

    [Option("data-weight", MetaValue = "W", HelpText = "Weight of |F(x) - F0|^2 / |F0|^2; ijcv2016: 300, 100, 20 at stride up to 4, 8, 16 and more.")]
    public double? DataWeight { get; set; }

    [Option("restarts", Default = 1, MetaValue = "N", HelpText = "Several random starts, the best first.")]
    public int Restarts { get; set; } = 1;

    [Option("bounds", MetaValue = "color|range|none", HelpText = "Keep pixels near the mean colour (ijcv2016), within black and white, or nowhere.")]
    public string? Bounds { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Steps of all phases; by default 350 (ijcv2016), 400, 200, 256.")]
    public int? Steps { get; set; }

    [Option("lr", MetaValue = "RATE", HelpText = "Learning rate; for ijcv2016 and cvpr2015 times the paper's.")]
    public double? LearningRate { get; set; }

    [NotInManifest]
    [Option("init", Default = "noise", MetaValue = "FILE|noise[:LO,HI]|gray", HelpText = "Where it starts: a .npy of [1,C,H,W] in the space of --param, a picture, noise, gray.")]
    public string Init { get; set; } = "noise";

    [Option("param", MetaValue = "tensor|pixel|fourier", HelpText = "plain, caricature: what is moved.")]
    public string? Param { get; set; }

    [Option("optimizer", MetaValue = "adam|nadam|sgd|momentum|rmsprop", HelpText = "plain, caricature: how it is moved.")]
    public string? Optimizer { get; set; }

    [Option("l1", MetaValue = "W", HelpText = "plain, caricature: weight of sum |x|.")]
    public float? L1 { get; set; }

    [Option("l2", MetaValue = "W", HelpText = "Likewise of sum x^2.")]
    public float? L2 { get; set; }

    [Option("alpha-norm", MetaValue = "W", HelpText = "Likewise of sum |x|^alpha.")]
    public float? AlphaNorm { get; set; }

    [Option("alpha", MetaValue = "A", HelpText = "Exponent of --alpha-norm; 6.")]
    public float? Alpha { get; set; }

    [Option("tv", MetaValue = "W", HelpText = "Likewise of the total variation.")]
    public float? TotalVariation { get; set; }

    [Option("tv-beta", MetaValue = "B", HelpText = "Exponent of --tv; 2.")]
    public float? TotalVariationBeta { get; set; }

    [Option("scharr", MetaValue = "W", HelpText = "Likewise of the edges that Scharr's filter finds.")]
    public float? Scharr { get; set; }

    [Option("cosine-power", MetaValue = "P", HelpText = "caricature: more keeps closer to the picture, 0 exaggerates freely; 1.")]
    public double? CosinePower { get; set; }

    [Option("transforms", MetaValue = "lucid|none|SPEC", HelpText = "caricature: move both pictures about before each step; lucid.")]
    public string? Transforms { get; set; }

    [Option("display", Default = "strip", MetaValue = "strip|picture", HelpText = "What is drawn: what was found beside the original, labelled, or by itself.")]
    public string Display { get; set; } = "strip";

    [Option("columns", MetaValue = "N", HelpText = "Pictures in a row of the strip.")]
    public int? Columns { get; set; }

    [Option("background", Default = "white", MetaValue = "white|black", HelpText = "Of the strip.")]
    public string Background { get; set; } = "white";

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }
}

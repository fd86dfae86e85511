using CommandLine;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>How a picture is found that a unit responds to. What is left out is what suits --param.</summary>
internal abstract class MaximizeOptions : ModelOptions
{
    [Option("recipe", MetaValue = "NAME,...", HelpText = "Options under a name, of which those given beside it differ; several are shown side by side: " + Recipes.Names + ".")]
    public string? Recipe { get; set; }

    [Option("print-options", HelpText = "Print what the options come to, as a command, and do nothing.")]
    public bool PrintOptions { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "The layer that holds the units.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Units of --layer: 25, or 0,5,8-12, or all, or random:9; 0.7*25+0.3*100 is one picture for both.")]
    public string? Unit { get; set; }

    [Option("class", MetaValue = "ID|NAME,...", HelpText = "One or several classes of the answer instead.")]
    public string? Class { get; set; }

    [Option("objective", MetaValue = "mean|center|max|rms|target|layer", HelpText = "How the map of a unit becomes the number that grows (mean); layer: the mean square of the whole layer (DeepDream).")]
    public string? Objective { get; set; }

    [Option("position", MetaValue = "Y,X", HelpText = "Maximise the unit at one place of its map, counted from 0,0.")]
    public string? Position { get; set; }

    [Option("direction", MetaValue = "FILE.npy", HelpText = "Instead of --unit a direction among the units of --layer: [C], or one per row of [N,C].")]
    public string? Direction { get; set; }

    [Option("cosine-power", MetaValue = "P", HelpText = "Of --direction: dot * max(0.1, cosine)^P; 0 is the plain dot product, 2 the activation atlas.")]
    public float? CosinePower { get; set; }

    [Option("plus", MetaValue = "W*LAYER:UNIT", HelpText = "Something else to be maximised as well, or with a negative weight avoided; several times (--plus=-0.5*conv5_3:43).")]
    public IEnumerable<string> Plus { get; set; } = [];

    [Option("interpolate", MetaValue = "N", HelpText = "N pictures on the way from the first of two units to the second.")]
    public int? Interpolate { get; set; }

    [Option("copies", MetaValue = "N", HelpText = "N pictures of every unit, from different noise.")]
    public int? Copies { get; set; }

    [Option("diversity", MetaValue = "W", HelpText = "Of --copies: weight of the mean cosine between a picture's Gram matrix and the others'.")]
    public float? Diversity { get; set; }

    [Option("redirect-steps", MetaValue = "N", HelpText = "First steps in which a unit that shows no response gets redirected gradients (16, Lucid's; 0 for the tensor).")]
    public int? RedirectSteps { get; set; }

    [Option("restarts", MetaValue = "N", HelpText = "How often a unit that still shows none is looked for again from other noise (2; 0 for the tensor).")]
    public int? Restarts { get; set; }

    [Option("param", MetaValue = "tensor|pixel|fourier|laplacian|maco", HelpText = "What is moved: the model's input itself, RGB, a spectrum or a pyramid of decorrelated colours (fourier), or only the phases of a spectrum (MACO).")]
    public string? Param { get; set; }

    [Option("magnitude", MetaValue = "FOLDER|FILE.npy", HelpText = "MACO: take the magnitudes from pictures, or from a .npy of [3,H,W/2+1], instead of ImageNet's.")]
    public string? Magnitude { get; set; }

    [Option("optimizer", MetaValue = "adam|nadam|sgd|momentum|rmsprop", HelpText = "How it is moved; nadam for maco, otherwise adam.")]
    public string? Optimizer { get; set; }

    [Option("lr", MetaValue = "RATE", HelpText = "Learning rate.")]
    public double? LearningRate { get; set; }

    [Option("decay", MetaValue = "P", HelpText = "Fourier: a frequency f moves with the amplitude f^-P; more makes smoother pictures.")]
    public double? Decay { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Steps of the optimiser.")]
    public int? Steps { get; set; }

    [Option("octaves", MetaValue = "N", HelpText = "Sizes at which it is optimised, each from the enlarged result of the one before; --steps for each (1).")]
    public int? Octaves { get; set; }

    [Option("octave-scale", MetaValue = "S", HelpText = "How much larger each octave is; the last has --size (1.4).")]
    public double? OctaveScale { get; set; }

    [NotInManifest]
    [Option("init", MetaValue = "FILE|noise[:LO,HI]|gray", HelpText = "Where it starts: a .npy of [units or 1,C,H,W] in the space of --param, a picture, noise, gray (noise).")]
    public string? Init { get; set; }

    [Option("normalize-gradient", MetaValue = "none|rms|l2|objective", HelpText = "Divide each picture's gradient by its size; objective: by rms, before penalties are added (none).")]
    public string? NormalizeGradient { get; set; }

    [Option("transforms", MetaValue = "lucid|maco|none|SPEC", HelpText = "Move the picture about before each step: a set, or a list of pad:12,jitter:8,scale:0.9..1.1,rotate:-10..10,roi:0.5..0.05 (random boxes, enlarged; first..last step),noise:0.08,resize:224,crops:6, each as usual without a number.")]
    public string? Transforms { get; set; }

    [Option("l1", MetaValue = "W", HelpText = "Weight of sum |x|.")]
    public float? L1 { get; set; }

    [Option("l2", MetaValue = "W", HelpText = "Weight of sum x^2.")]
    public float? L2 { get; set; }

    [Option("alpha-norm", MetaValue = "W", HelpText = "Weight of sum |x|^alpha.")]
    public float? AlphaNorm { get; set; }

    [Option("alpha", MetaValue = "A", HelpText = "Exponent of --alpha-norm (6).")]
    public float? Alpha { get; set; }

    [Option("tv", MetaValue = "W", HelpText = "Weight of the total variation.")]
    public float? TotalVariation { get; set; }

    [Option("tv-beta", MetaValue = "B", HelpText = "Exponent of --tv (2).")]
    public float? TotalVariationBeta { get; set; }

    [Option("scharr", MetaValue = "W", HelpText = "Weight of the edges that Scharr's filter finds.")]
    public float? Scharr { get; set; }

    [Option("boundary", MetaValue = "W", HelpText = "Weight of detail in the picture's border, five pixels wide (Lucid's atlas).")]
    public float? Boundary { get; set; }

    [Option("blur", MetaValue = "S", HelpText = "Blur the picture by a Gaussian of S pixels after each step, or every --blur-every.")]
    public double? Blur { get; set; }

    [Option("blur-every", MetaValue = "N", HelpText = "Steps from one --blur to the next (1).")]
    public int? BlurEvery { get; set; }

    [Option("bounds", HelpText = "Hold --param tensor within what pictures can be; the others always are.")]
    public bool Bounds { get; set; }

    [NotInManifest]
    [Option("raw-alpha", MetaValue = "FILE.npy", HelpText = "MACO: write how much every pixel mattered, [units,H,W], the sum of |d objective / d pixel| over all steps.")]
    public string? RawAlpha { get; set; }

    [NotInManifest]
    [Option("frames", MetaValue = "DIR", HelpText = "Write every picture on its way, too: DIR/LAYER_UNIT_STEP.png.")]
    public string? Frames { get; set; }

    [NotInManifest]
    [Option("animate", MetaValue = "FILE.png", HelpText = "Write the way as an animated PNG; of several pictures as one sheet.")]
    public string? Animate { get; set; }

    [NotInManifest]
    [Option("frames-every", MetaValue = "N", HelpText = "Steps from one frame to the next; by default there are 24 or a few more.")]
    public int? FramesEvery { get; set; }

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Option("columns", MetaValue = "N", HelpText = "Pictures in a row of the sheet.")]
    public int? Columns { get; set; }

    [Option("background", MetaValue = "white|black", HelpText = "Of the sheet (white).")]
    public string? Background { get; set; }

    [Option("labels", MetaValue = "below|box|none", HelpText = "On a sheet: below the pictures, or only the unit on each, in a black box, with the layer as title (below).")]
    public string? Labels { get; set; }

    [Option("title", MetaValue = "TEXT", HelpText = "Above the sheet.")]
    public string? Title { get; set; }

    [Option("page-size", MetaValue = "N", HelpText = "Pictures on a sheet (64); of more than that -o FILE.png makes FILE-1.png, FILE-2.png, ...")]
    public int? PageSize { get; set; }

    public MaximizeOptions Copy() => (MaximizeOptions)MemberwiseClone();
}

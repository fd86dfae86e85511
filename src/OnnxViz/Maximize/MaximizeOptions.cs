using OnnxViz.Objectives;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Options;

namespace OnnxViz.Maximize;

/// <summary>What grows: a unit's map by one of the reductions, or the whole layer.</summary>
public enum MaximizeObjective
{
    /// <inheritdoc cref="Reduction.Mean"/>
    Mean = Reduction.Mean,

    /// <inheritdoc cref="Reduction.Center"/>
    Center = Reduction.Center,

    /// <inheritdoc cref="Reduction.Max"/>
    Max = Reduction.Max,

    /// <inheritdoc cref="Reduction.Rms"/>
    Rms = Reduction.Rms,

    /// <inheritdoc cref="Reduction.Target"/>
    Target = Reduction.Target,

    /// <summary>mean(a^2) over all units and positions (DeepDream).</summary>
    Layer,
}

public enum GradientNormalization
{
    None,

    /// <summary>g / (sqrt(mean g^2) + 1e-8), for every picture by itself.</summary>
    Rms,

    /// <summary>g / (sqrt(sum g^2) + 1e-8), for every picture by itself.</summary>
    L2,

    /// <summary>
    /// Rms, of the objective's gradient with respect to the picture, before penalties are added: their weights then mean the
    /// same in a network of large activations as in one of small ones.
    /// </summary>
    Objective,
}

/// <summary>How pictures are found that maximise an objective.</summary>
public sealed record MaximizeOptions
{
    private const int MostPasses = 1000;

    [Option("objective", "How the map of a unit becomes the number that grows; layer: the mean square of the whole layer (DeepDream).")]
    public MaximizeObjective Objective { get; init; }

    [Option("param", "What is moved: the model's input itself, RGB, a spectrum or a pyramid of decorrelated colours, or only the phases of a spectrum (MACO).")]
    public ParameterKind Param { get; init; } = ParameterKind.Fourier;

    [Option("magnitude", "MACO: take the magnitudes from pictures, or from an array of [3,H,W/2+1], instead of ImageNet's.", Form = "FOLDER|FILE.npy")]
    public MagnitudeSpectrum? Magnitudes { get; init; }

    [Option("decay", "Fourier: a frequency f moves with the amplitude f^-P; more makes smoother pictures.", Form = "P", Min = -4, Max = 4, Usual = "1 is Lucid's", Default = "1.1; of a class 1.35")]
    public double Decay { get; init; } = 1.1;

    [Option("optimizer", "How it is moved.", Default = "adam; MACO nadam")]
    public OptimizerKind Optimizer { get; init; }

    [Option("lr", "Learning rate.", Form = "RATE", Above = 0, Default = "0.1; of a class 0.08, tensor and laplacian 0.05, pixel 0.01, MACO 1")]
    public double LearningRate { get; init; } = 0.1;

    /// <summary>For every octave. Without any the pictures are those that the optimisation would start from.</summary>
    [Option("steps", "Steps of the optimiser, for every octave.", Min = 1, Default = "144; of a class and MACO 256")]
    public int Steps { get; init; } = 144;

    [Option("octaves", "Sizes at which it is optimised, each from the enlarged result of the one before.", Min = 1, Max = 16)]
    public int Octaves { get; init; } = 1;

    [Option("octave-scale", "How much larger each octave is; the last has the size asked for.", Form = "S", Above = 1, Max = 8, Usual = "1.4 is usual")]
    public double OctaveScale { get; init; } = 1.4;

    [Option("init", "Where it starts: noise, gray, a picture, or an array of [units or 1,C,H,W] in the space of what is moved.", Form = "FILE|noise[:LO,HI]|gray")]
    public Initialization Init { get; init; } = Initialization.Default;

    [Option("transforms", "Move the picture about before each step: a set, or a list of pad:12,jitter:8,scale:0.9..1.1,rotate:-10..10,roi:0.5..0.05 (random boxes, enlarged; first..last step),noise:0.08,resize:224,crops:6, each as usual without a number.", Form = "lucid|maco|none|SPEC", Default = "lucid; tensor none, MACO maco")]
    public Transforms Transforms { get; init; } = Transforms.Lucid;

    [Option("normalize-gradient", "Divide each picture's gradient by its size; objective: by rms, before penalties are added.")]
    public GradientNormalization NormalizeGradient { get; init; }

    [OptionGroup]
    public Regularization Regularization { get; init; } = new();

    /// <summary>Standard deviation in pixels (Yosinski et al. 2015).</summary>
    [Option("blur", "Blur the picture by a Gaussian of so many pixels after a step; 0 for none.", Form = "S", Min = 0, Max = 100, Unit = "pixels")]
    public double Blur { get; init; }

    [Option("blur-every", "Steps from one blur to the next.", Min = 1)]
    public int BlurEvery { get; init; } = 1;

    [Option("bounds", "Hold the tensor within what pictures can be; the other parameterisations always are.")]
    public bool Bounds { get; init; }

    /// <summary>Fewer than the steps: the last step never is one of them.</summary>
    [Option("redirect-steps", "First steps in which a unit that shows no response gets redirected gradients (Lucid).", Min = 0, Max = MostPasses, Default = "16; tensor 0")]
    public int RedirectSteps { get; init; } = 16;

    [Option("restarts", "How often a unit that still shows none is looked for again from other noise.", Min = 0, Max = MostPasses, Default = "2; tensor 0")]
    public int Restarts { get; init; } = 2;

    /// <summary>Subtracted from each objective: this times the mean over the group's others of the cosine between Gram matrices.</summary>
    [Option("diversity", "Of several copies: weight of the mean cosine between a picture's Gram matrix and the others' (Lucid).", Min = 0, Form = "W")]
    public float Diversity { get; init; }

    /// <summary>Null for as many as win time. Where machines share the work, so many are a piece of it. A picture may depend in rounding on how many there are.</summary>
    [Option("batch", "Pictures that are found at once.", Min = 1, Max = 4096, Default = "4 on a CPU, more where activations are small; on a GPU as many as there is room for")]
    public int? Batch { get; init; }

    /// <summary>In pixels.</summary>
    public int Height { get; init; } = 128;

    /// <summary>In pixels.</summary>
    public int Width { get; init; } = 128;

    public ulong Seed { get; init; }

    /// <summary>After every so many steps, and after the last of an octave, progress is told the pictures; 0 for never.</summary>
    public int FramesEvery { get; init; }

    /// <summary>How the map of a unit becomes a number: the mean where the whole layer grows.</summary>
    public Reduction Reduction => Objective == MaximizeObjective.Layer ? Reduction.Mean : (Reduction)Objective;

    /// <summary>Whether units without a response are tried again.</summary>
    internal bool RevivesDeadUnits => RedirectSteps > 0 || Restarts > 0;

    /// <summary>
    /// What gives a good picture; of the tensor plain gradient ascent. A class asks for things, not textures: low
    /// frequencies first, and what is left of the high ones smoothed.
    /// </summary>
    public static MaximizeOptions DefaultsFor(ParameterKind param, bool ofClass = false) => param switch
    {
        ParameterKind.Tensor => new() { Param = param, Transforms = Transforms.None, LearningRate = 0.05, RedirectSteps = 0, Restarts = 0 },
        ParameterKind.Pixel => new() { Param = param, LearningRate = 0.01, Regularization = new() { TotalVariation = 1e-3f } },
        ParameterKind.Laplacian => new() { Param = param, LearningRate = 0.05 },
        // MACO looks at parts of its picture.
        ParameterKind.Maco => new() { Param = param, Optimizer = OptimizerKind.NAdam, LearningRate = 1, Steps = 256, Transforms = Transforms.Maco, Height = 320, Width = 320 },
        _ when ofClass => new() { Param = param, Decay = 1.35, LearningRate = 0.08, Regularization = new() { TotalVariation = 1.5e-3f }, Steps = 256 },
        _ => new() { Param = param },
    };

    /// <summary>The defaults that suit what is given, and what is given.</summary>
    /// <param name="given">Names of options and their values as text; a later one of the same name counts.</param>
    /// <param name="ofClass">Whether a class is maximised.</param>
    /// <exception cref="OnnxVizException">A value that an option cannot take, or options that do not go together.</exception>
    public static MaximizeOptions Of(IEnumerable<(string Name, string Text)> given, bool ofClass = false)
    {
        var all = given.ToList();
        var param = OptionTable.With(new MaximizeOptions(), all.Where(g => g.Name == "param")).Param;
        var options = OptionTable.With(DefaultsFor(param, ofClass), all);
        options.Check();
        return options;
    }

    /// <exception cref="OnnxVizException">A value out of its bounds, or options that do not go together.</exception>
    public void Check()
    {
        OptionTable.Check(this with { Steps = Math.Max(1, Steps) });
        if (Magnitudes is not null && Param != ParameterKind.Maco) throw OnnxVizException.BadArgument(nameof(Magnitudes), $"belongs to the parameterisation maco, not to {Words.Of(Param)}.");
        if (BlurEvery != 1 && Blur == 0) throw OnnxVizException.BadArgument(nameof(BlurEvery), $"{BlurEvery}: there is no blur.");
    }

    /// <summary>
    /// The sizes at which a picture is optimised one after the other, in pixels, from the smallest on, each from the enlarged
    /// result of the one before (Mordvintsev et al., "Inceptionism", 2015): coarse structure is found while it is cheap, detail
    /// is added to it.
    /// </summary>
    /// <exception cref="OnnxVizException">The first would be too small to be a picture.</exception>
    public IReadOnlyList<(int Height, int Width)> OctaveSizes()
    {
        const int Smallest = 16;
        (int Height, int Width)[] sizes = [.. Enumerable.Range(0, Octaves).Select(i => (Side(Height, i), Side(Width, i)))];
        return Octaves == 1 || Math.Min(sizes[0].Height, sizes[0].Width) >= Smallest ? sizes : throw OnnxVizException.BadArgument(
            nameof(Octaves),
            $"{Octaves}, each {Option.Text(OctaveScale)} times the last, begin with a picture of {sizes[0].Height}x{sizes[0].Width}: take fewer, or a larger picture ({Smallest} pixels are the least).");

        int Side(int side, int octave) => Math.Max(1, (int)Math.Round(side / Math.Pow(OctaveScale, Octaves - 1 - octave)));
    }
}

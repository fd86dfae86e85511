using OnnxViz.Objectives;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Maximize;

public enum GradientNormalization
{
    None,

    /// <summary>g / (sqrt(mean g^2) + 1e-8), for every picture by itself.</summary>
    Rms,

    /// <summary>g / (sqrt(sum g^2) + 1e-8), likewise.</summary>
    L2,

    /// <summary>
    /// Rms, of the objective's gradient with respect to the model's input alone: weights of penalties mean the same in a
    /// network of large activations as in one of small ones.
    /// </summary>
    Objective,
}

/// <summary>How a unit is maximised.</summary>
public sealed record MaximizationOptions
{
    public Reduction Objective { get; init; } = Reduction.Mean;

    public ParameterKind Param { get; init; } = ParameterKind.Fourier;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    public double LearningRate { get; init; } = 0.1;

    /// <summary>For every octave.</summary>
    public int Steps { get; init; } = 144;

    public Octaves Octaves { get; init; } = new();

    /// <summary>Deviation of a Gaussian that the picture is blurred by, in pixels; 0 for none (Yosinski et al. 2015).</summary>
    public double Blur { get; init; }

    /// <summary>Steps from one blur to the next.</summary>
    public int BlurEvery { get; init; } = 1;

    /// <summary>Whether the tensor is held within what pictures can be; the other parameterisations always are.</summary>
    public bool Bounds { get; init; }

    /// <summary>After every so many steps, and after the last of an octave, progress is told the pictures; 0 for never.</summary>
    public int FramesEvery { get; init; }

    public int Height { get; init; } = 128;

    public int Width { get; init; } = 128;

    public ulong Seed { get; init; }

    public Initialization Init { get; init; } = Initialization.Default;

    public GradientNormalization NormalizeGradient { get; init; }

    /// <summary>
    /// First steps in which a unit that shows no response is given redirected gradients; the last step never is one of
    /// them. 16 are Lucid's, 0 leaves such units alone.
    /// </summary>
    public int RedirectSteps { get; init; } = 16;

    /// <summary>How often a unit that is still silent behind those is looked for again from other noise.</summary>
    public int Restarts { get; init; } = 2;

    /// <summary>Whether it is to be known if a unit responds.</summary>
    internal bool RevivesDeadUnits => RedirectSteps > 0 || Restarts > 0;

    /// <summary>
    /// How much the pictures of a group keep apart: from each one's objective the mean over the others of the cosine
    /// between their Gram matrices is taken, this many times (Lucid's diversity).
    /// </summary>
    public float Diversity { get; init; }

    public Regularization Regularization { get; init; } = new();

    /// <summary>Fourier: the amplitude that a frequency f moves with is f^-Decay; Lucid's is 1, more makes smoother pictures.</summary>
    public double Decay { get; init; } = 1.1;

    public Transforms Transforms { get; init; } = Transforms.Lucid;

    /// <summary>MACO: the magnitudes that stay.</summary>
    public MagnitudeSpectrum Magnitudes { get; init; } = MagnitudeSpectrum.Natural;

    /// <summary>
    /// What gives a good picture; for the tensor nothing but gradient ascent. A class asks for things, not textures:
    /// low frequencies first, and what is left of the high ones smoothed.
    /// </summary>
    public static MaximizationOptions DefaultsFor(ParameterKind param, bool ofClass = false) => param switch
    {
        ParameterKind.Tensor => new() { Param = param, Transforms = Transforms.None, LearningRate = 0.05, RedirectSteps = 0, Restarts = 0 },
        ParameterKind.Pixel => new() { Param = param, LearningRate = 0.01, Regularization = new Regularization(TotalVariation: 1e-3f) },
        ParameterKind.Laplacian => new() { Param = param, LearningRate = 0.05 },
        ParameterKind.Maco => new() { Param = param, Optimizer = OptimizerKind.NAdam, LearningRate = 1, Steps = 256, Transforms = Transforms.Maco },
        _ when ofClass => new() { Param = param, Decay = 1.35, LearningRate = 0.08, Regularization = new Regularization(TotalVariation: 1.5e-3f), Steps = 256 },
        _ => new() { Param = param },
    };
}

/// <param name="Step">Steps of the running batch that are done, of all octaves.</param>
/// <param name="Steps">Of how many.</param>
/// <param name="Done">Units of earlier batches.</param>
/// <param name="Units">Of all batches.</param>
/// <param name="Objective">Mean over the running batch.</param>
public sealed record MaximizationProgress(int Step, int Steps, int Done, int Units, float Objective)
{
    /// <summary>The pictures of the running batch, where it is their turn to be seen; restarts show theirs again.</summary>
    public IReadOnlyList<MaximizationFrame> Frames { get; init; } = [];
}

/// <param name="Row">Which goal's.</param>
/// <param name="Picture">In the size of the result.</param>
public sealed record MaximizationFrame(int Row, OnnxViz.Imaging.Image Picture);

/// <param name="Unit">Which unit, where one is all that was asked for.</param>
/// <param name="Input">What was found, without transforms, as the model's input tensor: [1, C, H, W] or [1, H, W, C].</param>
/// <param name="Picture">The same as a picture.</param>
/// <param name="Objective">Of the input tensor; after an interruption of the last step, with its transforms.</param>
/// <param name="Steps">Steps that were made; fewer than asked for after an interruption.</param>
public sealed record Maximization(int? Unit, OnnxViz.Graphs.Tensor Input, OnnxViz.Imaging.Image Picture, float Objective, int Steps)
{
    /// <summary>
    /// False for a unit that showed no response however it was looked for: its picture says nothing. Null where nobody
    /// asked.
    /// </summary>
    public bool? Active { get; init; }

    /// <summary>MACO: [H, W], the mean over colours of the sum over all steps of |d objective / d picture|.</summary>
    public OnnxViz.Graphs.Tensor? Alpha { get; init; }
}

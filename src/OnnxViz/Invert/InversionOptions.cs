using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Maximize;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Invert;

/// <summary>How a picture is found from its code. What is null is the recipe's.</summary>
public sealed record InversionOptions
{
    public InversionRecipe Recipe { get; init; } = InversionRecipe.Ijcv2016;

    /// <summary>Of |F(x) - F0|^2 / |F0|^2 against the penalties; ijcv2016: 300, 100, 20 at strides up to 4, 8, 16 and more.</summary>
    public double? DataWeight { get; init; }

    /// <summary>In all phases together, which keep their proportions.</summary>
    public int? Steps { get; init; }

    /// <summary>Of the first phase; ijcv2016 and cvpr2015: times the paper's.</summary>
    public double? LearningRate { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Runs from different noise, of which the best comes first.</summary>
    public int Restarts { get; init; } = 1;

    public InversionBounds? Bounds { get; init; }

    /// <summary>A .npy is in the space of the model's input, but for pixel and fourier, where it is RGB in 0..1.</summary>
    public Initialization Init { get; init; } = Initialization.Default;

    /// <summary>Plain and caricature only: what is moved.</summary>
    public ParameterKind? Param { get; init; }

    /// <summary>Plain and caricature only.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Plain and caricature only: penalties on what is moved, as for <see cref="MaximizationOptions"/>.</summary>
    public Regularization Regularization { get; init; } = new();

    /// <summary>Caricature only: p in dot(F, F0) max(0.1, cos(F, F0))^p; more keeps closer to the picture.</summary>
    public double? CosinePower { get; init; }

    /// <summary>Caricature only: what both pictures go through before each step; by default Lucid's. The tensor takes none.</summary>
    public Transforms? Transforms { get; init; }
}

/// <summary>Where pixels may go; what lies outside is brought back after every step.</summary>
public enum InversionBounds
{
    None,

    /// <summary>Within a ball of 160 of 255 levels about the mean colour (IJCV 2016).</summary>
    Color,

    /// <summary>Within black and white.</summary>
    Range,
}

/// <param name="Layer">Which of those that were asked for.</param>
/// <param name="Done">Runs that are over.</param>
/// <param name="Runs">Of how many.</param>
/// <param name="Step">Steps of the current run that are done.</param>
/// <param name="Steps">Of how many.</param>
/// <param name="Loss">What is minimised, before the step.</param>
public sealed record InversionProgress(int Layer, int Done, int Runs, int Step, int Steps, float Loss);

/// <param name="Row">Which of the pictures.</param>
/// <param name="Layer">Which of the layers.</param>
/// <param name="Restart">Which start, in the order they were made.</param>
/// <param name="Input">What was found as the model's input tensor: [1, C, H, W] or [1, H, W, C].</param>
/// <param name="Picture">The same as a picture.</param>
/// <param name="Error">|F(x) - F0|^2 / |F0|^2 of the input tensor.</param>
/// <param name="Cosine">Between F(x) and F0.</param>
/// <param name="Loss">What was minimised, at the last step.</param>
/// <param name="Steps">Steps that were made; fewer than asked for after an interruption.</param>
/// <param name="IsDone">Whether all steps were made.</param>
public sealed record Inverted(int Row, int Layer, int Restart, Tensor Input, Image Picture, double Error, double Cosine, float Loss, int Steps, bool IsDone);

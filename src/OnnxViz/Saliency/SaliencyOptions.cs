using OnnxViz.Graphs;

namespace OnnxViz.Saliency;

/// <summary>Where the gradient is taken between baseline and picture, and with which weights.</summary>
public enum Quadrature
{
    /// <summary>Exact for polynomials of the degree 2 steps - 1.</summary>
    GaussLegendre,

    /// <summary>In the middle of equal parts.</summary>
    Midpoint,
}

/// <summary>What the methods of <see cref="Saliency"/> can be told; each reads what concerns it.</summary>
public sealed record SaliencyOptions
{
    public static SaliencyOptions Default { get; } = new();

    /// <summary>The layer a class activation map is made of; null for the last one with more than one position on the way to the score.</summary>
    public Value? MapLayer { get; init; }

    /// <summary>
    /// What stands for nothing to be seen, in the model's input: [1, ...] as a row of it, or null for zeros. Integrated gradients start
    /// there; occlusion, RISE and Score-CAM cover with it.
    /// </summary>
    public Tensor? Baseline { get; init; }

    /// <summary>Gradients on the way of integrated gradients.</summary>
    public int Steps { get; init; } = 50;

    public Quadrature Quadrature { get; init; } = Quadrature.GaussLegendre;

    /// <summary>Noisy copies of SmoothGrad, VarGrad and SquareGrad.</summary>
    public int Samples { get; init; } = 50;

    /// <summary>Standard deviation of the noise as a share of max - min of each picture's input.</summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>Height and width of the window of occlusion in pixels; null for 32 x 32 or, on small pictures, a quarter of the shorter side.</summary>
    public (int Height, int Width)? Window { get; init; }

    /// <summary>How far the window moves down and across; null for half its size.</summary>
    public (int Down, int Across)? Stride { get; init; }

    /// <summary>Random masks of RISE.</summary>
    public int Masks { get; init; } = 1000;

    /// <summary>
    /// From 1 on the plain gradient methods average over so many random crops of 7/8 of each side, every second one mirrored, instead
    /// of taking the picture as it is (Simonyan et al. 2013 took 10).
    /// </summary>
    public int Crops { get; init; }

    /// <summary>Of noise, masks and crops.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="OnnxVizException">A number that makes no sense.</exception>
    internal void Check()
    {
        if (Steps < 1) throw OnnxVizException.Usage($"{Steps} steps: integrated gradients need at least one.");
        if (Samples < 1) throw OnnxVizException.Usage($"{Samples} samples: at least one noisy copy is needed.");
        if (!(Noise > 0 && double.IsFinite(Noise))) throw OnnxVizException.Usage($"A noise of {Noise}: a positive share of the input's range is needed, such as 0.15.");
        if (Masks < 1) throw OnnxVizException.Usage($"{Masks} masks: at least one is needed.");
        if (Crops < 0) throw OnnxVizException.Usage($"{Crops} crops: a number from 0 on is needed.");
    }
}

namespace OnnxViz.Check;

/// <summary>How much is checked, and how closely.</summary>
internal sealed record GradientCheckOptions
{
    /// <summary>Random directions at every point, beside the direction of the gradient itself.</summary>
    public int Directions { get; init; } = 2;

    /// <summary>
    /// How far gradient and differences may lie apart, relative to the derivative's size: float32 leaves 1e-6 to 1e-4,
    /// a mistake of a rule 1e-2 and more.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Every node by itself, not only one of those that differ in nothing but their numbers.</summary>
    public bool EveryNode { get; init; }
}

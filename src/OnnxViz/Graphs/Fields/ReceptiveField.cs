namespace OnnxViz.Graphs.Fields;

/// <summary>
/// What the positions of a feature map can see of the input along one axis: position i depends on no other pixels than
/// Start + i Jump to Start + i Jump + Size - 1, padding included. The bounds are fractions behind upsampling.
/// (Araujo, Norris, Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019.)
/// </summary>
/// <param name="Start">First pixel that position 0 sees; negative where it is padding.</param>
/// <param name="Size">Pixels seen by one position; infinite where each may see all of the input, wherever it is.</param>
/// <param name="Jump">Pixels between neighbouring positions: the stride of the map with respect to the input.</param>
internal readonly record struct ReceptiveField(double Start, double Size, double Jump)
{
    private const double Rounding = 1e-6;

    /// <summary>The input itself.</summary>
    public static ReceptiveField Pixel => new(0, 1, 1);

    public bool IsUnbounded => double.IsInfinity(Size);

    /// <summary>The same positions, when each may depend on everything.</summary>
    public ReceptiveField Unbounded => new(double.NegativeInfinity, double.PositiveInfinity, Jump);

    /// <summary>Behind an operator whose position i needs the positions first + i step to first + i step + extent - 1.</summary>
    public ReceptiveField Over(double first, double extent, double step) =>
        new(Start + first * Jump, Size + (extent - 1) * Jump, step * Jump);

    /// <summary>Behind an operator that takes two maps of the same size, position by position.</summary>
    public ReceptiveField Union(ReceptiveField other)
    {
        if (IsUnbounded || other.IsUnbounded || Math.Abs(Jump - other.Jump) > Rounding) return Unbounded;
        var start = Math.Min(Start, other.Start);
        return new ReceptiveField(start, Math.Max(Start + Size, other.Start + other.Size) - start, Jump);
    }

    /// <summary>The pixels that a position sees of an input of the given length: the first one and how many.</summary>
    public (long First, long Count) Pixels(long position, long length)
    {
        if (IsUnbounded) return (0, length);
        var at = Start + position * Jump;
        var first = Math.Clamp((long)Math.Ceiling(at - Rounding), 0, length);
        var end = Math.Clamp((long)Math.Floor(at + Size - 1 + Rounding) + 1, first, length);
        return (first, end - first);
    }
}

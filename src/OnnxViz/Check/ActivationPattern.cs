namespace OnnxViz.Check;

/// <summary>The activation pattern of a network at a point: signs of ReLUs, sides of clips, winners of pools.</summary>
/// <param name="Parts">By the name that the frozen copy has for them.</param>
/// <param name="Layers">The layers asked for, at the point.</param>
internal sealed record ActivationPattern(IReadOnlyDictionary<string, Tensor> Parts, Tensor[] Layers)
{
    /// <summary>How many of the decisions differ.</summary>
    public long Flips(ActivationPattern other) => Parts.Sum(part => Flips(part.Value, other.Parts[part.Key]));

    public long Count => Parts.Values.Where(IsDecision).Sum(p => p.Count);

    private static bool IsDecision(Tensor part) => part.Type is ElementType.Bool or ElementType.Int64;

    private static long Flips(Tensor a, Tensor b)
    {
        if (!IsDecision(a) || a.Bytes.AsSpan().SequenceEqual(b.Bytes)) return 0;
        var (size, flips) = (a.Type.Size(), 0L);
        for (var i = 0; i < a.Bytes.Length; i += size)
            if (!a.Bytes.AsSpan(i, size).SequenceEqual(b.Bytes.AsSpan(i, size))) flips++;
        return flips;
    }
}

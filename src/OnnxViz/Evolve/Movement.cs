using OnnxViz.Top;

namespace OnnxViz.Evolve;

/// <summary>How far a unit moved from one checkpoint to the next.</summary>
/// <param name="Cosine">Of the angle between its kernels, -1 to 1; null where it has none, or one is zero.</param>
/// <param name="Overlap">Of its strongest pictures: those in both lists over those in either (Jaccard), 0 to 1.</param>
internal sealed record Movement(double? Cosine, double Overlap)
{
    public static Movement Between(UnitFindings before, UnitFindings after) =>
        new(CosineOf(before.Kernel, after.Kernel), Jaccard(before.Top, after.Top));

    private static double? CosineOf(float[]? a, float[]? b)
    {
        if (a is null || b is null || a.Length != b.Length) return null;
        double product = 0, squareA = 0, squareB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squareA += (double)a[i] * a[i];
            squareB += (double)b[i] * b[i];
        }

        return squareA > 0 && squareB > 0 ? product / Math.Sqrt(squareA * squareB) : null;
    }

    private static double Jaccard(IReadOnlyList<TopEntry> a, IReadOnlyList<TopEntry> b)
    {
        var (first, second) = (a.Select(e => e.File).ToHashSet(), b.Select(e => e.File).ToHashSet());
        var either = first.Union(second).Count();
        return either == 0 ? 1 : (double)first.Intersect(second).Count() / either;
    }
}

namespace OnnxViz.Diff;

/// <summary>How far what an answer depends on has moved within a picture.</summary>
/// <param name="Moved">1 less what two maps have in common, each brought to a sum of 1 (histogram intersection, Swain and Ballard 1991): 0 for equal maps, 1 where they do not meet.</param>
/// <param name="Shift">Pixels between their centres of mass.</param>
internal readonly record struct MapMove(double Moved, double Shift)
{
    /// <param name="before">[H, W]; sizes of numbers count, not their signs.</param>
    /// <param name="after">Likewise.</param>
    /// <param name="width">Of both.</param>
    public static MapMove Between(ReadOnlySpan<float> before, ReadOnlySpan<float> after, int width)
    {
        var (sumBefore, sumAfter) = (Sum(before), Sum(after));
        if (sumBefore == 0 || sumAfter == 0) return new(sumBefore == sumAfter ? 0 : 1, 0);
        double common = 0, x = 0, y = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var (p, q) = (Math.Abs(before[i]) / sumBefore, Math.Abs(after[i]) / sumAfter);
            common += Math.Min(p, q);
            x += (q - p) * (i % width);
            y += (q - p) * (i / width);
        }

        return new(Math.Max(0, 1 - common), Math.Sqrt((x * x) + (y * y)));
    }

    private static double Sum(ReadOnlySpan<float> map)
    {
        var sum = 0.0;
        foreach (var value in map) sum += Math.Abs(value);
        return sum;
    }
}

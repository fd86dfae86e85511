namespace OnnxViz.Imaging;

/// <summary>
/// Row filters (PNG specification 9): a byte is stored as its difference to a guess from the bytes to the left (a), above (b) and
/// above left (c). <c>step</c> is the distance to the left, in bytes; outside the picture everything is 0.
/// </summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Puts the guess back onto <paramref name="row"/>, in place.</summary>
    /// <returns>False when there is no such filter.</returns>
    public static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        if (filter >= Count)
        {
            return false;
        }

        for (int i = 0; filter != 0 && i < row.Length; i++)
        {
            bool inside = i >= step;
            row[i] += Guess(filter, inside ? row[i - step] : 0, above[i], inside ? above[i - step] : 0);
        }

        return true;
    }

    /// <summary>Writes the differences of <paramref name="row"/> to its guesses into <paramref name="filtered"/>.</summary>
    /// <returns>How far they are from zero, summed: the smallest sum usually packs best (specification 12.7).</returns>
    public static int Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered)
    {
        int sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            bool inside = i >= step;
            filtered[i] = (byte)(row[i] - Guess(filter, inside ? row[i - step] : 0, above[i], inside ? above[i - step] : 0));
            sum += Math.Abs((int)(sbyte)filtered[i]);
        }

        return sum;
    }

    private static byte Guess(int filter, int a, int b, int c) => filter switch
    {
        1 => (byte)a,
        2 => (byte)b,
        3 => (byte)((a + b) / 2),
        4 => Paeth(a, b, c),
        _ => 0,
    };

    private static byte Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - c - c);
        return (byte)(toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
}

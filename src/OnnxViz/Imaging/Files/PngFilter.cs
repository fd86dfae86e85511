namespace OnnxViz.Imaging.Files;

/// <summary>
/// Row filters (PNG specification 9): a byte is stored as its difference to a guess from the bytes to the left (a), above (b) and
/// above left (c). <c>step</c> is the distance to the left, in bytes; outside the picture everything is 0.
/// </summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Writes the differences of <paramref name="row"/> to its guesses into <paramref name="filtered"/>.</summary>
    /// <returns>How far they are from zero, summed: the smallest sum usually packs best (specification 12.7).</returns>
    public static int Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered) => filter switch
    {
        1 => Apply<Left>(row, above, step, filtered),
        2 => Apply<Above>(row, above, step, filtered),
        3 => Apply<Average>(row, above, step, filtered),
        4 => Apply<Paeth>(row, above, step, filtered),
        _ => Apply<Nothing>(row, above, step, filtered),
    };

    // Generic over structs, so that each filter becomes a loop of its own.
    private static int Apply<TGuess>(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered)
        where TGuess : struct, IGuess
    {
        int sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int guess = i < step ? TGuess.Of(0, above[i], 0) : TGuess.Of(row[i - step], above[i], above[i - step]);
            int difference = (sbyte)(row[i] - guess);
            filtered[i] = (byte)difference;
            sum += Math.Abs(difference);
        }

        return sum;
    }

    private interface IGuess
    {
        static abstract int Of(int a, int b, int c);
    }

    private readonly struct Nothing : IGuess
    {
        public static int Of(int a, int b, int c) => 0;
    }

    private readonly struct Left : IGuess
    {
        public static int Of(int a, int b, int c) => a;
    }

    private readonly struct Above : IGuess
    {
        public static int Of(int a, int b, int c) => b;
    }

    private readonly struct Average : IGuess
    {
        public static int Of(int a, int b, int c) => (a + b) / 2;
    }

    private readonly struct Paeth : IGuess
    {
        public static int Of(int a, int b, int c)
        {
            int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - c - c);
            return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
        }
    }
}

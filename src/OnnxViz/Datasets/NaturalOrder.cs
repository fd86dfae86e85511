namespace OnnxViz.Datasets;

/// <summary>Names as people sort them: "photo 9" before "photo 10". The same on every system.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        var (a, b) = (0, 0);
        while (a < x.Length && b < y.Length)
        {
            var difference = char.IsAsciiDigit(x[a]) && char.IsAsciiDigit(y[b]) ? Numbers(Digits(x, ref a), Digits(y, ref b)) : Rank(x[a++]) - Rank(y[b++]);
            if (difference != 0) return difference;
        }

        var rest = (x.Length - a) - (y.Length - b);
        // "01" and "1" are no equals.
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    /// <summary>Folders before what their names begin: "a/z" before "a-b".</summary>
    private static int Rank(char c) => c == '/' ? 0 : c;

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text.AsSpan(start..at);
    }

    private static int Numbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
    }
}

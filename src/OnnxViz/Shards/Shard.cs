using System.Globalization;

namespace OnnxViz.Shards;

/// <summary>A part of work that several machines do: of N parts the I-th, which is every N-th piece from the I-th on.</summary>
/// <param name="Index">I, from 1 to N.</param>
/// <param name="Count">N.</param>
internal readonly record struct Shard(int Index, int Count)
{
    private const int Most = 10000;

    /// <summary>All of it.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <param name="text">"I/N".</param>
    /// <exception cref="OnnxVizException">Another text.</exception>
    public static Shard Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } index && Number(parts[1]) is { } count && index <= count
            ? new Shard(index, count)
            : throw OnnxVizException.BadArgument(nameof(Shard), $"{text}: I/N is needed, such as 1/3, 2/3 and 3/3 for three machines.");

        static int? Number(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= Most ? n : null;
    }

    /// <summary>Which of N parts has a piece.</summary>
    /// <param name="piece">From 0.</param>
    /// <param name="count">N.</param>
    public static int Of(int piece, int count) => (piece % count) + 1;

    /// <summary>Numbers as lists of arrays have them: "2,5-7".</summary>
    /// <param name="numbers">Ascending.</param>
    public static string List(IEnumerable<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var n in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == n - 1) ranges[^1] = (ranges[^1].First, n);
            else ranges.Add((n, n));
        }

        return string.Join(',', ranges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"));
    }

    /// <param name="piece">From 0.</param>
    public bool Has(int piece) => Of(piece, Count) == Index;

    /// <summary>"3/16".</summary>
    public override string ToString() => $"{Index}/{Count}";
}

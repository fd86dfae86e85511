using System.Globalization;

namespace OnnxViz.Evolve;

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

    /// <param name="piece">From 0.</param>
    public bool Has(int piece) => piece % Count == Index - 1;
}

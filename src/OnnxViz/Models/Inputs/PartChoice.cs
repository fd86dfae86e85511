using System.Globalization;

namespace OnnxViz.Models.Inputs;

/// <summary>Numbers of channels or slices, each of them, or the maximum over them.</summary>
internal sealed record PartChoice
{
    private const string EachWord = "each", MaximumWord = "max";

    public static PartChoice Each { get; } = new() { IsEach = true };

    /// <summary>In the order given; empty for <see cref="IsEach"/> and <see cref="IsMaximum"/>.</summary>
    public IReadOnlyList<int> Numbers { get; private init; } = [];

    public bool IsEach { get; private init; }

    public bool IsMaximum { get; private init; }

    /// <param name="text">Numbers from 0, ranges among them, with commas; "each", or "max".</param>
    /// <exception cref="FormatException">Another text.</exception>
    public static PartChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals(EachWord, StringComparison.OrdinalIgnoreCase)) return new() { IsEach = true };
        if (text.Equals(MaximumWord, StringComparison.OrdinalIgnoreCase)) return new() { IsMaximum = true };
        var numbers = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int[] ends = [.. part.Split('-').Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1)];
            if (ends.Length > 2 || ends.Contains(-1) || ends[0] > ends[^1] || ends[^1] - ends[0] > 4096) throw new FormatException("numbers from 0 with commas between them, such as 3,2,1 or 0-7, or the word each");
            numbers.AddRange(Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
        }

        return new() { Numbers = numbers };
    }

    /// <summary>What <see cref="Parse"/> reads back.</summary>
    public override string ToString() => IsEach ? EachWord : IsMaximum ? MaximumWord : string.Join(',', Numbers);

    public bool Equals(PartChoice? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <param name="count">How many there are.</param>
    /// <param name="argument">The property that names them.</param>
    /// <param name="what">What they are.</param>
    /// <exception cref="OnnxVizException">A number that there is not.</exception>
    public IReadOnlyList<int> Of(int count, string argument, string what)
    {
        foreach (var number in Numbers)
            if (number >= count) throw OnnxVizException.BadArgument(argument, $"{this}: the input has no {what} {number}; its {count} {what}s are 0 to {count - 1}.", Fault.Input);
        return IsEach ? [.. Enumerable.Range(0, count)] : Numbers;
    }
}

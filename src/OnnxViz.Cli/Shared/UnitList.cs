using System.Globalization;

namespace OnnxViz.Cli.Shared;

/// <summary>--unit: "25", "0,5,8-12", "all", "random:9".</summary>
internal static class UnitList
{
    private const ulong Stream = 0x756E6974;

    /// <summary>The units in the order given.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="count">How many units the layer has.</param>
    /// <param name="layer">For messages.</param>
    /// <param name="seed">Of random units.</param>
    /// <param name="option">For messages.</param>
    /// <exception cref="OnnxVizException">Another text; a unit that the layer does not have.</exception>
    public static IReadOnlyList<int> Parse(string text, long count, string layer, ulong seed, string option = "--unit")
    {
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase)) return [.. Enumerable.Range(0, (int)count)];
        if (text.StartsWith("random:", StringComparison.OrdinalIgnoreCase)) return Random(Number(text[7..], text, option), (int)count, layer, seed, option);
        var units = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = dash > 0 ? (Number(part[..dash], text, option), Number(part[(dash + 1)..], text, option)) : (Number(part, text, option), Number(part, text, option));
            if (last < first) throw OnnxVizException.Usage($"{option} {text}: {part} runs backwards.");
            if (last >= count) throw OnnxVizException.Input($"'{layer}' has no unit {last}: its {count} units are 0 to {count - 1}.");
            for (var unit = first; unit <= last; unit++) units.Add(unit);
        }

        return units;
    }

    private static List<int> Random(int wanted, int count, string layer, ulong seed, string option)
    {
        if (wanted == 0) throw OnnxVizException.Usage($"{option} random:0 asks for no unit at all.");
        if (wanted > count) throw OnnxVizException.Input($"'{layer}' has {count} units only: {option} random:{wanted} asks for more.");
        var random = new CounterRandom(seed, Stream);
        var left = Enumerable.Range(0, count).ToList();
        var drawn = new List<int>();
        while (drawn.Count < wanted)
        {
            var at = random.Next(left.Count);
            drawn.Add(left[at]);
            left.RemoveAt(at);
        }

        return drawn;
    }

    private static int Number(string part, string text, string option) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OnnxVizException.Usage($"{option} {text}: '{part}' is no number; write 25, or 0,5,8-12, or all, or random:9.");
}

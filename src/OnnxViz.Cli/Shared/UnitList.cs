using System.Globalization;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Shared;

/// <summary>--unit: "25", "0,5,8-12", "all", "random:9"; where a unit's map has places to choose from "25@14,20".</summary>
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
    public static IReadOnlyList<int> Parse(string text, long count, string layer, ulong seed, string option = "--unit") => text.Contains('@', StringComparison.Ordinal)
        ? throw OnnxVizException.Usage($"{option} {text}: a position has no meaning here, where whole units are shown; saliency and maximize take one. Leave @{text[(text.IndexOf('@', StringComparison.Ordinal) + 1)..]} out.")
        : [.. text.Split(',', StringSplitOptions.TrimEntries).SelectMany(part => Units(part, text, count, layer, seed, option))];

    /// <summary>The same where a unit may have a position: "25@14,20".</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="dims">Of the layer's activation, units on axis 1.</param>
    /// <param name="layer">For messages.</param>
    /// <param name="seed">Of random units.</param>
    /// <param name="option">For messages.</param>
    /// <exception cref="OnnxVizException">Another text; a unit or position that the layer does not have.</exception>
    public static IReadOnlyList<UnitPlace> Places(string text, long[] dims, string layer, ulong seed, string option = "--unit") => [.. Parts(text, dims.Length - 2).SelectMany(part =>
    {
        var at = part.IndexOf('@', StringComparison.Ordinal);
        var position = at < 0 ? null : Position(part[(at + 1)..], text, dims, layer, option);
        return Units(at < 0 ? part : part[..at].Trim(), text, dims[1], layer, seed, option).Select(unit => new UnitPlace(unit, position));
    })];

    /// <summary>What stands between the commas, but for those of positions.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="axes">How many numbers a position has.</param>
    public static IReadOnlyList<string> Parts(string text, int axes)
    {
        var parts = new List<string>();
        var missing = 0;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (missing > 0) parts[^1] += $",{part}";
            else parts.Add(part);
            missing = part.Contains('@', StringComparison.Ordinal) ? axes - 1 : Math.Max(0, missing - 1);
        }

        return parts;
    }

    private static IEnumerable<int> Units(string part, string text, long count, string layer, ulong seed, string option)
    {
        if (part.Equals("all", StringComparison.OrdinalIgnoreCase)) return Enumerable.Range(0, (int)count);
        if (part.StartsWith("random:", StringComparison.OrdinalIgnoreCase)) return Random(Number(part[7..], text, option), (int)count, layer, seed, option);
        var dash = part.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash > 0 ? (Number(part[..dash], text, option), Number(part[(dash + 1)..], text, option)) : (Number(part, text, option), Number(part, text, option));
        if (last < first) throw OnnxVizException.Usage($"{option} {text}: {part} runs backwards.");
        if (last >= count) throw OnnxVizException.Input($"'{layer}' has no unit {last}: its {count} units are 0 to {count - 1}.");
        return Enumerable.Range(first, last - first + 1);
    }

    private static MapPosition Position(string numbers, string text, long[] dims, string layer, string option)
    {
        var position = new MapPosition([.. numbers.Split(',', StringSplitOptions.TrimEntries).Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OnnxVizException.Usage($"{option} {text}: '{n}' is no place in a map; write 25@14,20 for row 14, column 20 of unit 25, or 25@14 of a layer with one axis of positions."))]);
        position.Check(dims, layer);
        return position;
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

using System.Globalization;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>Units that are added: "25+100", "0.7*25+0.3*100", "25+-0.5*100".</summary>
internal static class UnitSum
{
    /// <summary>Whether this is a sum, or one unit with a weight, and no plain unit.</summary>
    public static bool Is(string part) => part.Contains('+', StringComparison.Ordinal) || part.Contains('*', StringComparison.Ordinal);

    /// <summary>Weights and units in the order given.</summary>
    /// <exception cref="OnnxVizException">Another text.</exception>
    public static IReadOnlyList<(float Weight, string Unit)> Parse(string option, string part) =>
        [.. part.Split('+', StringSplitOptions.TrimEntries).Select(summand => Weighted(option, summand))];

    /// <summary>"0.5*conv5_3:43" to 0.5 and what follows; without a number in front the weight is 1.</summary>
    public static (float Weight, string Text) Weighted(string option, string summand)
    {
        var star = summand.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return (1, summand.Trim());
        return float.TryParse(summand[..star], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && float.IsFinite(weight)
            ? (weight, summand[(star + 1)..].Trim())
            : throw OnnxVizException.Usage($"{option} {summand}: '{summand[..star]}' is no weight; write 0.7*25 for 0.7 times unit 25.");
    }
}

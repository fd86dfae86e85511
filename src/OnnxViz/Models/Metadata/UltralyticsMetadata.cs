using System.Globalization;
using System.Text.RegularExpressions;

namespace OnnxViz.Models.Metadata;

/// <summary>What Ultralytics' exporter writes into a model's metadata: "names", a Python dictionary from number to name.</summary>
internal static partial class UltralyticsMetadata
{
    private const string NamesKey = "names";

    private const int LongestNames = 1 << 20;

    /// <summary>Names of the classes in the order of the scores; null where there are none, or some are missing.</summary>
    public static IReadOnlyList<string>? Names(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(NamesKey, out var text) || text.Length > LongestNames || !text.StartsWith('{')) return null;
        var names = new SortedDictionary<int, string>();
        foreach (Match entry in Entry().Matches(text))
        {
            if (!int.TryParse(entry.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            names[number] = Escape().Replace(entry.Groups["single"].Success ? entry.Groups["single"].Value : entry.Groups["double"].Value, "$1");
        }

        return names.Count > 0 && names.Keys.Last() == names.Count - 1 ? [.. names.Values] : null;
    }

    [GeneratedRegex("""["']?(?<number>[0-9]{1,9})["']?\s*:\s*(?:'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)")""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex("""\\(.)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}

namespace OnnxViz.Graphs.Naming;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearestNames
{
    /// <summary>The candidates by their distance to what was asked, the longer common beginning first among equals.</summary>
    public static IEnumerable<T> Order<T>(string asked, IEnumerable<T> candidates, Func<T, string> name) =>
        candidates.OrderBy(c => Distance(asked, name(c))).ThenByDescending(c => CommonPrefix(asked, name(c)));

    /// <summary>
    /// Levenshtein's distance without regard to case: how many characters have to be inserted, deleted or replaced.
    /// </summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        foreach (var x in a)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (Same(x, b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static int CommonPrefix(string a, string b)
    {
        var i = 0;
        while (i < a.Length && i < b.Length && Same(a[i], b[i])) i++;
        return i;
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}

namespace OnnxViz.Graphs;

/// <summary>
/// Names that are taken, and free ones close to those asked for. A name is never given back, so the search goes on
/// where it ended before: a file whose nodes are all called the same takes no longer than any other.
/// </summary>
internal sealed class FreeNames(IEqualityComparer<string>? comparer = null)
{
    private readonly HashSet<string> _taken = new(comparer);
    private readonly Dictionary<string, int> _last = new(comparer);

    /// <returns>False when it was taken already.</returns>
    public bool Take(string name) => _taken.Add(name);

    public void Take(IEnumerable<string> names) => _taken.UnionWith(names);

    /// <summary>The name itself, or else name_2, name_3 ...</summary>
    public string Unique(string name) => Take(name) ? name : Numbered(name, 2);

    /// <summary>name_first or the first free one after it.</summary>
    public string Numbered(string name, int first)
    {
        for (var i = Math.Max(first, _last.GetValueOrDefault(name) + 1); ; i++)
        {
            var numbered = $"{name}_{i}";
            if (!Take(numbered)) continue;
            _last[name] = i;
            return numbered;
        }
    }
}

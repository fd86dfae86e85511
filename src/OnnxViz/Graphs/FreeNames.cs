namespace OnnxViz.Graphs;

/// <summary>The names that are taken, and new ones close to those asked for. A name that was taken never becomes free.</summary>
/// <param name="comparer">Which names count as the same; by default only equal ones.</param>
internal sealed class FreeNames(IEqualityComparer<string>? comparer = null)
{
    private readonly HashSet<string> _taken = new(comparer);
    private readonly Dictionary<string, int> _last = new(comparer);

    public void Reserve(IEnumerable<string> names) => _taken.UnionWith(names);

    /// <summary>Takes exactly this name.</summary>
    /// <returns>False when it was taken before.</returns>
    public bool TryTake(string name) => _taken.Add(name);

    /// <summary>Takes the name itself, or the first free one of name_2, name_3 ...</summary>
    public string Take(string name) => TryTake(name) ? name : Number(name, 2);

    /// <summary>Takes the first free one of name_1, name_2 ...</summary>
    public string TakeNumbered(string name) => Number(name, 1);

    private string Number(string name, int first)
    {
        for (var i = Math.Max(first, _last.GetValueOrDefault(name) + 1); ; i++)
        {
            if (!TryTake($"{name}_{i}")) continue;
            _last[name] = i;
            return $"{name}_{i}";
        }
    }
}

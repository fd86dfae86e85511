namespace OnnxViz.Top;

/// <summary>The strongest pictures of one unit so far; of equal ones those that come first.</summary>
internal sealed class TopRanking(int top, IEnumerable<TopEntry> before)
{
    private readonly List<TopEntry> _entries = [.. before];

    public IReadOnlyList<TopEntry> Entries => [.. _entries];

    /// <summary>Pictures come in the order of the list.</summary>
    public void Add(TopEntry entry)
    {
        if (_entries.Count == top && entry.Activation <= _entries[^1].Activation) return;
        var at = _entries.FindIndex(e => e.Activation < entry.Activation);
        _entries.Insert(at < 0 ? _entries.Count : at, entry);
        if (_entries.Count > top) _entries.RemoveAt(top);
    }
}

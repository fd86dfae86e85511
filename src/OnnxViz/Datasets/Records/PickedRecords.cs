namespace OnnxViz.Datasets.Records;

/// <summary>Some records of several lists, in an order of their own.</summary>
/// <param name="parts">Owned from now on; of one length.</param>
/// <param name="picks">Of each record its list and its number there.</param>
internal sealed class PickedRecords(IReadOnlyList<IRecords> parts, IReadOnlyList<(int Part, int Number)> picks) : IRecords
{
    public int Count => picks.Count;

    public int Length => parts[0].Length;

    /// <summary>All records of all lists.</summary>
    public static PickedRecords All(IReadOnlyList<IRecords> parts) =>
        new(parts, [.. parts.SelectMany((part, p) => Enumerable.Range(0, part.Count).Select(i => (p, i)))]);

    public void Read(int i, Span<byte> record) => parts[picks[i].Part].Read(picks[i].Number, record);

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
    }
}

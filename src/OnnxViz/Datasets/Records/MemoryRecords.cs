namespace OnnxViz.Datasets.Records;

/// <summary>Records in memory, in blocks that are made as the records come.</summary>
/// <param name="length">Bytes of each.</param>
internal sealed class MemoryRecords(int length) : IRecords
{
    private const int BlockBytes = 1 << 20;

    private readonly int _perBlock = Math.Max(1, BlockBytes / length);
    private readonly List<byte[]> _blocks = [];

    public int Count { get; private set; }

    public int Length => length;

    /// <summary>Room for one record more, to be filled at once.</summary>
    public Span<byte> Add()
    {
        if (Count % _perBlock == 0) _blocks.Add(new byte[_perBlock * length]);
        return At(Count++);
    }

    public void Read(int i, Span<byte> record) => At(i).CopyTo(record);

    public void Dispose()
    {
    }

    private Span<byte> At(int i) => _blocks[i / _perBlock].AsSpan(i % _perBlock * length, length);
}

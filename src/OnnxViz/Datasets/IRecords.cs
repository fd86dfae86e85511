namespace OnnxViz.Datasets;

/// <summary>Records of one length, read by number from several threads.</summary>
internal interface IRecords : IDisposable
{
    int Count { get; }

    /// <summary>Bytes of each.</summary>
    int Length { get; }

    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    /// <param name="record"><see cref="Length"/> bytes, all of which are written.</param>
    void Read(int i, Span<byte> record);
}

/// <summary>Records that lie in a file, which stays open.</summary>
/// <param name="file">Owned from now on; long enough for all of them.</param>
/// <param name="start">Of the first record.</param>
/// <param name="count">How many.</param>
/// <param name="stride">Bytes from one to the next.</param>
/// <param name="length">Bytes of each.</param>
internal sealed class FileRecords(OpenFile file, long start, int count, int stride, int length) : IRecords
{
    public int Count => count;

    public int Length => length;

    public void Read(int i, Span<byte> record) => file.Read(start + ((long)i * stride), record[..length]);

    public void Dispose() => file.Dispose();
}

/// <summary>Records in memory, in blocks that are made as the records come.</summary>
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

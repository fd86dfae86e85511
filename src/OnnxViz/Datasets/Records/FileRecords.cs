namespace OnnxViz.Datasets.Records;

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

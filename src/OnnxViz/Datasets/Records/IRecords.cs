namespace OnnxViz.Datasets.Records;

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
